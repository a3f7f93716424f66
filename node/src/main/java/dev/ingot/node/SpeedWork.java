package dev.ingot.node;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** About a millisecond of arithmetic that no processor does otherwise than another one, but faster or slower. */
final class SpeedWork {
    private static final int STEPS = 400_000;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static long state = 1;

    private SpeedWork() {}

    /** In nanoseconds of processor time; negative where nobody can say. One thread at a time. */
    static long run() {
        if (!THREADS.isCurrentThreadCpuTimeSupported()) {
            return -1;
        }
        long began = THREADS.getCurrentThreadCpuTime();
        long next = state;
        for (int step = 0; step < STEPS; step++) {
            // xorshift64
            next ^= next << 13;
            next ^= next >>> 7;
            next ^= next << 17;
        }
        state = next;
        return THREADS.getCurrentThreadCpuTime() - began;
    }
}
