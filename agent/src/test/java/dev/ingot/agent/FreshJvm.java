package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a class of the tests in a JVM of its own, the same JDK as this one. */
final class FreshJvm {
    /** The built agent. */
    static final Path AGENT = Path.of(System.getProperty("ingot.agent.jar", "target/ingot-agent.jar"));

    private FreshJvm() {}

    /** What came of a run. */
    record Outcome(int exitCode, String output, String errors) {}

    /** Runs {@code program} to its end; {@code classPath} holds it and all it uses, {@code directory} what it prints. */
    static Outcome run(Path directory, String classPath, Class<?> program, String... options)
            throws IOException, InterruptedException {
        return run(directory, classPath, program.getName(), options);
    }

    /** As the other one, for a class that is only there in that JVM. */
    static Outcome run(Path directory, String classPath, String program, String... options)
            throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(command(classPath, program, options))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES))
                .as("%s ends within five minutes", program)
                .isTrue();
        return new Outcome(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    private static List<String> command(String classPath, String program, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(classPath);
        command.add(program);
        return command;
    }
}
