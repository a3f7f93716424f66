package dev.ingot.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The inputs that are kept for the targets of {@code dev/fuzz}: where it starts from, and what it once found. */
public final class FuzzInputs {
    private FuzzInputs() {}

    /** What a target does with an input: it takes or refuses it, by the exceptions it names; any other is a finding. */
    @FunctionalInterface
    public interface Target {
        void take(byte[] input) throws Exception;
    }

    /** Name of the target and file, for each input of a class of targets. */
    public static List<Arguments> of(Class<?> targets) throws IOException {
        Path directory = Path.of("src/test/resources", targets.getName().replace('.', '/') + "Inputs");
        List<Arguments> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                inputs.add(Arguments.of(file.getParent().getFileName().toString(), file));
            }
        }
        return inputs;
    }
}
