package dev.ingot.testkit;

import java.util.List;
import java.util.Map;

/**
 * What a program did until its end, over all JVMs it ran in.
 *
 * @param outputs the lines of each JVM that wrote into a file of its own
 * @param error everything written to standard error
 * @param files what it left in its directory, by name
 */
public record Outcome(int exitCode, List<List<String>> outputs, String error, Map<String, String> files) {
    public Outcome {
        outputs = List.copyOf(outputs);
        files = Map.copyOf(files);
    }

    /** All lines, in order. */
    public List<String> output() {
        return outputs.stream().flatMap(List::stream).toList();
    }
}
