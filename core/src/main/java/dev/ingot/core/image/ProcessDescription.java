package dev.ingot.core.image;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A captured process: what it takes to start one like it.
 *
 * @param arguments of the {@code java} launcher, without the launcher itself, argument files expanded
 * @param environment the few variables that change what a {@code java} launcher starts
 * @param main the main class, jar or module as the command line gives it
 */
public record ProcessDescription(
        long pid,
        Instant started,
        JdkDescription jdk,
        String os,
        String arch,
        List<String> arguments,
        Map<String, String> environment,
        String workingDirectory,
        String main) {

    private static final String DEFINE = "-D";

    public ProcessDescription {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /**
     * The same process without what its command line and environment say of system properties whose names {@code secret}
     * accepts.
     */
    public ProcessDescription without(Predicate<String> secret) {
        CommandLine line = CommandLine.parse(arguments);
        List<String> kept = new ArrayList<>(line.options());
        kept.removeIf(option -> isSecret(option, secret));
        kept.addAll(line.program());
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> variables.put(name, without(value, secret)));
        return new ProcessDescription(pid, started, jdk, os, arch, kept, variables, workingDirectory, main);
    }

    private static String without(String variable, Predicate<String> secret) {
        List<String> words = new ArrayList<>(ArgumentFiles.words(variable));
        return words.removeIf(word -> isSecret(word, secret))
                ? words.stream().map(LaunchPlan::quoted).collect(Collectors.joining(" "))
                : variable;
    }

    private static boolean isSecret(String option, Predicate<String> secret) {
        if (!option.startsWith(DEFINE)) {
            return false;
        }
        int equals = option.indexOf('=');
        return equals > 0 && secret.test(option.substring(DEFINE.length(), equals));
    }

    /**
     * Describes the process this is called in, as it was started: later changes of system properties do not show.
     *
     * @throws IOException if the command line or an argument file in it cannot be read
     */
    public static ProcessDescription ofThisProcess() throws IOException {
        return CurrentProcess.describe();
    }
}
