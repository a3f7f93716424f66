package dev.ingot.node;

import dev.ingot.scheduler.pool.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much memory the machine has left, and, where its kernel says so (PSI), in how much of the time everybody waits for some. */
final class MemoryProbe implements SelfProbe {
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +([0-9]+) kB");
    private static final Pattern STALL = Pattern.compile("full avg10=([0-9]+)\\.[0-9]+ .*");
    private static final long KIB_PER_MIB = 1024;

    private final Path proc;
    private final ProbeLimits limits;

    /** @param proc where the kernel says how it is */
    MemoryProbe(Path proc, ProbeLimits limits) {
        this.proc = proc;
        this.limits = limits;
    }

    @Override
    public Probe kind() {
        return Probe.MEMORY;
    }

    @Override
    public @Nullable String look() throws IOException {
        long available = number(AVAILABLE, proc.resolve("meminfo")) / KIB_PER_MIB;
        if (available < limits.memoryMiB()) {
            return available + " MiB are available, less than " + limits.memoryMiB();
        }
        Path pressure = proc.resolve("pressure").resolve("memory");
        // Kernels before 4.20, and those told not to, do not say.
        long stall = Files.exists(pressure) ? number(STALL, pressure) : 0;
        return stall > limits.stallPercent()
                ? "everybody waits for memory in " + stall + " % of the time, more than " + limits.stallPercent()
                : null;
    }

    private static long number(Pattern pattern, Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.matches()) {
                return Long.parseLong(matcher.group(1));
            }
        }
        throw new IOException(file + " does not say");
    }
}
