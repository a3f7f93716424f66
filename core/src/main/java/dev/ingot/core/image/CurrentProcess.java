package dev.ingot.core.image;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks the operating system how this process was started, and the JVM where the system does not say. */
final class CurrentProcess {
    private static final List<String> LAUNCH_VARIABLES =
            List.of("CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LD_LIBRARY_PATH", "_JAVA_OPTIONS");
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final Path WORKING_DIRECTORY = Path.of("/proc/self/cwd");

    private CurrentProcess() {}

    static ProcessDescription describe() throws IOException {
        Path workingDirectory = workingDirectory();
        List<String> arguments = ArgumentFiles.expand(arguments(), workingDirectory);
        ProcessHandle process = ProcessHandle.current();
        return new ProcessDescription(
                process.pid(),
                process.info().startInstant().orElse(Instant.EPOCH),
                JdkDescription.ofThisProcess(),
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                arguments,
                launchEnvironment(),
                workingDirectory.toString(),
                CommandLine.parse(arguments).main());
    }

    private static Path workingDirectory() throws IOException {
        return Files.exists(WORKING_DIRECTORY)
                ? WORKING_DIRECTORY.toRealPath()
                : Path.of(System.getProperty("user.dir", "")).toAbsolutePath();
    }

    private static List<String> arguments() throws IOException {
        if (!Files.isReadable(COMMAND_LINE)) {
            return reconstructed();
        }
        String line = new String(Files.readAllBytes(COMMAND_LINE), StandardCharsets.UTF_8);
        List<String> words = List.of(line.split("\0", -1));
        // The line ends with a zero, behind which split finds an empty word.
        return words.size() < 3 ? reconstructed() : words.subList(1, words.size() - 1);
    }

    // The JVM's own record loses the quoting of the program's arguments.
    private static List<String> reconstructed() {
        List<String> result =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        result.add("-cp");
        result.add(System.getProperty("java.class.path", ""));
        List<String> program =
                List.of(System.getProperty("sun.java.command", "").split(" ", -1));
        if (program.get(0).endsWith(".jar")) {
            result.add("-jar");
        }
        result.addAll(program);
        return result;
    }

    private static Map<String, String> launchEnvironment() {
        Map<String, String> result = new TreeMap<>();
        for (String variable : LAUNCH_VARIABLES) {
            String value = System.getenv(variable);
            if (value != null) {
                result.put(variable, value);
            }
        }
        return result;
    }
}
