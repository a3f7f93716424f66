package dev.ingot.benchmarks.barrier;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints a table of what barriers cost: {@code [JAVA_HOME]...}. Each kernel with each barrier runs in JVMs of its own, by turns; the fastest
 * counts.
 */
public final class BarrierMeasurement {
    private static final int TURNS = 3;
    private static final int BLOCKS = 25;
    private static final int WARM_UP = 10_000;
    private static final int BLOCK = 1_000;
    private static final double NANOS_PER_MICRO = 1000;

    private BarrierMeasurement() {}

    /** The command. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 2 && arguments[0].startsWith("-")) {
            System.out.println(nanos(BarrierKernel.valueOf(arguments[0].substring(1)), Barrier.valueOf(arguments[1])));
            return;
        }
        List<Path> javaHomes = new ArrayList<>();
        Arrays.stream(arguments).map(Path::of).forEach(javaHomes::add);
        if (javaHomes.isEmpty()) {
            javaHomes.add(Path.of(System.getProperty("java.home")));
        }
        for (Path javaHome : javaHomes) {
            print(javaHome);
        }
    }

    private static void print(Path javaHome) throws IOException, InterruptedException {
        System.out.println("\n| " + javaHome.getFileName() + " | none, \u00b5s | mark | snapshot, inactive | active |");
        System.out.println("|---|---:|---:|---:|---:|");
        for (BarrierKernel kernel : BarrierKernel.values()) {
            Map<Barrier, Double> fastest = new EnumMap<>(Barrier.class);
            for (int turn = 0; turn < TURNS; turn++) {
                for (Barrier barrier : Barrier.values()) {
                    fastest.merge(barrier, inJvm(javaHome, kernel, barrier), Math::min);
                }
            }
            double plain = fastest.getOrDefault(Barrier.NONE, 1.0);
            StringBuilder line = new StringBuilder("| " + kernel.name().toLowerCase(Locale.ROOT));
            line.append(String.format(Locale.ROOT, " | %.2f |", plain / NANOS_PER_MICRO));
            fastest.forEach((barrier, nanos) -> {
                if (barrier != Barrier.NONE) {
                    line.append(String.format(Locale.ROOT, " %.2f |", nanos / plain));
                }
            });
            System.out.println(line);
        }
    }

    private static double inJvm(Path javaHome, BarrierKernel kernel, Barrier barrier)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        javaHome.resolve("bin/java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BarrierMeasurement.class.getName(),
                        "-" + kernel.name(),
                        barrier.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.waitFor() != 0) {
            throw new IOException(kernel + " with " + barrier + " failed");
        }
        return Double.parseDouble(answer.strip());
    }

    /** Of one run of the kernel; the median of many blocks. */
    private static double nanos(BarrierKernel kernel, Barrier barrier) {
        Barrier.active = barrier == Barrier.SNAPSHOT_ACTIVE;
        KernelData data = new KernelData();
        block(kernel, barrier, data, WARM_UP);
        double[] blocks = new double[BLOCKS];
        for (int index = 0; index < BLOCKS; index++) {
            blocks[index] = block(kernel, barrier, data, BLOCK);
        }
        Arrays.sort(blocks);
        return blocks[BLOCKS / 2];
    }

    private static double block(BarrierKernel kernel, Barrier barrier, KernelData data, int runs) {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        long begin = clock.getCurrentThreadCpuTime();
        for (int run = 0; run < runs; run++) {
            kernel.run(barrier, data);
        }
        return (double) (clock.getCurrentThreadCpuTime() - begin) / runs;
    }
}
