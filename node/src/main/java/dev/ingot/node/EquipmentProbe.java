package dev.ingot.node;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds out what a node's accelerators are, in a process of its own, since drivers can break the process that calls them. */
final class EquipmentProbe {
    private static final String REPORT = "dev.ingot.accelerator.device.EquipmentReport";
    private static final long LIMIT_SECONDS = 120;

    private EquipmentProbe() {}

    /**
     * Describes them for the pool.
     *
     * @param providers class path of those that look; where it is empty nobody looks
     * @return empty if nobody has looked, or that failed, which is said
     */
    static String describe(String providers) throws InterruptedException {
        if (providers.isEmpty()) {
            return "";
        }
        try {
            Path found = Files.createTempFile("ingot-equipment-", "");
            try {
                return describe(providers, found);
            } finally {
                Files.delete(found);
            }
        } catch (IOException failure) {
            System.err.println("ingot: cannot find out what accelerators there are: " + failure.getMessage());
            return "";
        }
    }

    private static String describe(String providers, Path found) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", absolute(providers), REPORT);
        // Its programs have none of these either.
        builder.environment().keySet().removeIf(name -> name.startsWith(Launcher.OWN_VARIABLES));
        Process process = builder.redirectOutput(found.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new IOException("providers took longer than " + LIMIT_SECONDS + " s");
        }
        List<String> lines = Files.readAllLines(found, StandardCharsets.UTF_8);
        if (process.exitValue() != 0 || lines.isEmpty()) {
            throw new IOException("providers " + providers + " ended with exit code " + process.exitValue()
                    + "; they need Ingot's interface for accelerators beside them");
        }
        return lines.get(lines.size() - 1);
    }

    /** Nodes need not run where they were told. */
    static String absolute(String classPath) {
        StringBuilder absolute = new StringBuilder();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            absolute.append(absolute.length() == 0 ? "" : File.pathSeparator)
                    .append(Path.of(entry).toAbsolutePath());
        }
        return absolute.toString();
    }
}
