package dev.ingot.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts JVMs that run one kernel each.
 *
 * @param javaHome the JDK
 * @param classPath with {@link KernelProgram}
 */
record KernelJvm(Path javaHome, Path classPath) {
    /** What one run said. */
    record Outcome(long cpuNanos, String sum) {}

    /** Runs the kernel with these options of the JVM. */
    Outcome run(Kernel kernel, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath.toString(), KernelProgram.class.getName(), kernel.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int status = process.waitFor();
        int space = output.indexOf(' ');
        if (status != 0 || space < 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status + " and printed '" + output
                    + "' instead of its time and its sum");
        }
        return new Outcome(Long.parseLong(output.substring(0, space)), output.substring(space + 1));
    }
}
