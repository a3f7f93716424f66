package dev.ingot.benchmarks.heap;

import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes and reads one graph with one engine, in this JVM, and prints the medians: {@code GRAPH ENGINE SCALE WARM-UPS ROUNDS
 * DIRECTORY}.
 *
 * <p>Each round begins with a new graph, of whose objects nobody has seen an identity hash code. Times are CPU times of all Java
 * threads, and wall times.
 */
final class HeapProgram {
    private static final long STACK_BYTES = 2000L << 20;
    private static final double NANOS_PER_MILLI = 1e6;

    private final HeapGraph graph;
    private final HeapEngine engine;
    private final double scale;
    private final int warmUps;
    private final int rounds;

    private HeapProgram(String[] arguments) {
        graph = HeapGraph.named(arguments[0]);
        engine = engine(arguments[1], Path.of(arguments[5]));
        scale = Double.parseDouble(arguments[2]);
        warmUps = Integer.parseInt(arguments[3]);
        rounds = Integer.parseInt(arguments[4]);
    }

    private static HeapEngine engine(String name, Path directory) {
        return switch (name) {
            case "ingot" -> new IngotEngine();
            case "image" -> new ImageEngine(directory);
            case "kryo" -> new KryoEngine();
            case "fory" -> new ForyEngine();
            default -> throw new IllegalArgumentException("no engine is called '" + name + "'");
        };
    }

    public static void main(String[] arguments) throws InterruptedException {
        HeapProgram program = new HeapProgram(arguments);
        // Most engines recurse.
        Thread thread = new Thread(null, program::measure, "engine", STACK_BYTES);
        thread.start();
        thread.join();
    }

    private void measure() {
        try {
            System.out.println(result());
        } catch (Exception | StackOverflowError | OutOfMemoryError | NoClassDefFoundError failure) {
            System.out.println(
                    "failed: " + failure.toString().lines().findFirst().orElse(""));
        }
    }

    private String result() throws Exception {
        long[][] all = new long[6][rounds];
        String shape = "";
        for (int round = -warmUps; round < rounds; round++) {
            Object root = graph.build(scale);
            System.gc();
            long[] write = timed(() -> engine.write(root));
            long[] again = timed(() -> engine.write(root));
            Object[] copy = new Object[1];
            long[] read = timed(() -> copy[0] = engine.read());
            if (round == rounds - 1) {
                shape = shape(root, copy[0]);
            } else if (round >= 0) {
                copy[0] = null;
            }
            for (int time = 0; round >= 0 && time < 2; time++) {
                all[time][round] = write[time];
                all[2 + time][round] = again[time];
                all[4 + time][round] = read[time];
            }
        }
        StringBuilder line = new StringBuilder();
        for (long[] times : all) {
            Arrays.sort(times);
            line.append(String.format(Locale.ROOT, "%.0f ", times[times.length / 2] / NANOS_PER_MILLI));
        }
        return line.append(engine.bytes()).append(' ').append(shape).toString();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static long[] timed(Work work) throws Exception {
        long cpu = cpuNanos();
        long wall = System.nanoTime();
        work.run();
        return new long[] {cpuNanos() - cpu, System.nanoTime() - wall};
    }

    private static long cpuNanos() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long nanos : threads.getThreadCpuTime(threads.getAllThreadIds())) {
            sum += Math.max(0, nanos);
        }
        return sum;
    }

    /** What Ingot's own walk finds in the copy, against what it finds in the original. */
    private static String shape(Object original, Object copy) throws Exception {
        IngotEngine walker = new IngotEngine();
        var before = walker.write(original, OutputStream.nullOutputStream());
        var after = walker.write(copy, OutputStream.nullOutputStream());
        if (before.objects() == after.objects() && before.bytes() == after.bytes()) {
            return before.objects() + " exact";
        }
        return before.objects() + " became " + after.objects();
    }
}
