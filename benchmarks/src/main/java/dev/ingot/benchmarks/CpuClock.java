package dev.ingot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The CPU time that the threads of this JVM have used, compilers and collectors too. */
final class CpuClock {
    private static final Path THREADS = Path.of("/proc/self/task");

    private CpuClock() {}

    /** Exact where the system tells each thread's time; elsewhere in the steps in which it counts that of processes. */
    static long nanos() {
        String[] threads = THREADS.toFile().list();
        if (threads == null) {
            return coarseNanos();
        }
        long sum = 0;
        for (String thread : threads) {
            sum += nanosOf(THREADS.resolve(thread + File.separator + "schedstat"));
        }
        return sum > 0 ? sum : coarseNanos();
    }

    private static long nanosOf(Path schedstat) {
        try {
            String fields = Files.readString(schedstat, StandardCharsets.US_ASCII);
            return Long.parseLong(fields.substring(0, fields.indexOf(' ')));
        } catch (IOException endedMeanwhile) {
            return 0;
        }
    }

    private static long coarseNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElseThrow(() -> new IllegalStateException("this system does not tell the CPU time of a process"));
    }
}
