package dev.ingot.benchmarks.heap;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds a graph and watches the clock: {@code GRAPH SCALE PERCENT}, of which the last says how much of the application's graph changes
 * between two questions. For each byte on its standard input it prints the longest time, in
 * microseconds, for which its watch stood still since the last one, and the size of its live heap in bytes.
 */
final class PauseProgram {
    private static final long TICK_NANOS = 200_000;

    private static final AtomicLong LONGEST = new AtomicLong();

    private PauseProgram() {}

    public static void main(String[] arguments) throws IOException {
        Object graph = HeapGraph.named(arguments[0]).build(Double.parseDouble(arguments[1]));
        System.gc();
        double share = Double.parseDouble(arguments[2]) / 100;
        Random random = new Random(6);
        Runtime runtime = Runtime.getRuntime();
        long live = runtime.totalMemory() - runtime.freeMemory();
        Thread watch = new Thread(PauseProgram::watch, "watch");
        watch.setDaemon(true);
        watch.start();
        do {
            if (graph instanceof Shop shop) {
                shop.change(share, random);
            }
            System.out.println(LONGEST.getAndSet(0) / 1000 + " " + live);
        } while (System.in.read() >= 0);
        if (graph.hashCode() == 0) {
            System.out.println();
        }
    }

    private static void watch() {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            long gap = now - last;
            if (gap > LONGEST.get()) {
                LONGEST.set(gap);
            }
            last = now;
        }
    }
}
