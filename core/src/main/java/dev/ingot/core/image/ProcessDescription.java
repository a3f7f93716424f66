package dev.ingot.core.image;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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

    public ProcessDescription {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
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
