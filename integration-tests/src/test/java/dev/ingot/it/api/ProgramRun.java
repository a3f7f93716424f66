package dev.ingot.it.api;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a program in a JVM of its own ended.
 *
 * @param exitCode of the JVM
 * @param lines what it wrote to standard output
 * @param errors what it wrote to standard error
 */
record ProgramRun(int exitCode, List<String> lines, String errors) {
    /** The exit code of a program that was suspended. */
    static final int SUSPENDED = 85;

    private static final long MOST_SECONDS = 180;

    /** Starts a program under the agent and waits for its end. */
    static ProgramRun of(Path directory, String options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-javaagent:" + agent() + "=images=" + directory.resolve("images") + ",name=program,control=off"
                + (options.isEmpty() ? "" : "," + options));
        command.add("-cp");
        command.add(String.join(File.pathSeparator, classPath(program)));
        command.add(program.getName());
        command.addAll(Arrays.asList(arguments));
        return run(directory, command);
    }

    /** Resumes the program's newest image and waits for its end. */
    static ProgramRun resumed(Path directory, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        return of(directory, "resume=auto", program, arguments);
    }

    private static ProgramRun run(Path directory, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path errors = Files.createTempFile(directory, "err", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (!process.waitFor(MOST_SECONDS, SECONDS)) {
                throw new AssertionError("the program did not end within " + MOST_SECONDS + " s; it wrote "
                        + Files.readString(out) + Files.readString(errors));
            }
        } finally {
            process.destroyForcibly();
        }
        return new ProgramRun(process.exitValue(), Files.readAllLines(out), Files.readString(errors));
    }

    private static Path agent() {
        String named = System.getProperty("ingot.agent.jar");
        Path jar = named == null ? Path.of("..", "agent", "target", "ingot-agent.jar") : Path.of(named);
        if (!Files.exists(jar)) {
            throw new IllegalStateException("cannot find " + jar.toAbsolutePath() + "; package the agent first");
        }
        return jar.toAbsolutePath();
    }

    private static List<String> classPath(Class<?> program) {
        List<String> entries = new ArrayList<>();
        for (Class<?> type :
                List.of(program, dev.ingot.api.Ingot.class, dev.ingot.runtime.Control.class, org.crac.Core.class)) {
            entries.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        return entries;
    }
}
