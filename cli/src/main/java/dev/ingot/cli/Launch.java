package dev.ingot.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program about to be started in place of the command.
 *
 * @param environment variables to set, or to remove where there is no value
 */
record Launch(Path workingDirectory, Map<String, Optional<String>> environment, List<String> command) {
    /** Names the file that the {@code ingot} script reads the program from, to become it. */
    static final String HANDOVER = "INGOT_HANDOVER";

    private static final String KEPT = "INGOT_USER_";
    private static final Set<String> LAUNCHER_VARIABLES =
            Set.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** What makes the present environment like the recorded one, as far as a {@code java} launcher looks at it. */
    static Map<String, Optional<String>> like(Map<String, String> recorded) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (String name : new TreeSet<>(LAUNCHER_VARIABLES)) {
            changes.put(name, Optional.empty());
        }
        recorded.forEach((name, value) -> changes.put(name, Optional.of(value)));
        return changes;
    }

    /** What the {@code ingot} script keeps from this command and the program is to have. */
    static Map<String, Optional<String>> asOfUser() {
        Map<String, Optional<String>> environment = new TreeMap<>();
        for (String name : LAUNCHER_VARIABLES) {
            String kept = System.getenv(KEPT + name);
            if (kept != null) {
                environment.put(name, Optional.of(kept));
                environment.put(KEPT + name, Optional.empty());
            }
        }
        return environment;
    }

    /**
     * Hands the program over to the script where there is one, which then becomes it; else runs it as a child.
     *
     * @return the exit code of this command
     */
    int start() throws CommandException {
        String file = System.getenv(HANDOVER);
        try {
            if (file != null) {
                handOver(Path.of(file));
                return ExitCode.OK;
            }
            return run();
        } catch (IOException failure) {
            throw new CommandException(
                    "cannot start " + command.get(0) + " in " + workingDirectory + ": " + failure.getMessage(),
                    failure);
        }
    }

    private void handOver(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            word(out, workingDirectory.toString());
            word(out, Integer.toString(environment.size()));
            for (Map.Entry<String, Optional<String>> variable : environment.entrySet()) {
                word(
                        out,
                        variable.getKey()
                                + variable.getValue().map(value -> "=" + value).orElse(""));
            }
            for (String argument : command) {
                word(out, argument);
            }
        }
    }

    private static void word(OutputStream out, String word) throws IOException {
        out.write(word.getBytes(StandardCharsets.UTF_8));
        out.write(0);
    }

    /** The program as a child of this process, with its standard streams. */
    ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO().directory(workingDirectory.toFile());
        environment.forEach((name, value) -> value.ifPresentOrElse(
                present -> builder.environment().put(name, present),
                () -> builder.environment().remove(name)));
        return builder;
    }

    private int run() throws IOException {
        Process process = builder().start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "end program"));
        return await(process);
    }

    private static void end(Process process) {
        process.destroy();
        await(process);
    }

    private static int await(Process process) {
        while (true) {
            try {
                return process.waitFor();
            } catch (InterruptedException ignored) {
                // Nobody interrupts this thread on purpose, and the program's exit code is all it is here for.
            }
        }
    }
}
