package dev.ingot.benchmarks;

import java.util.Arrays;

/**
 * Runs one kernel in this JVM and prints the CPU time of a block of rounds, in nanoseconds and of all threads, and the sum of
 * the first block.
 *
 * <p>Blocks run until the JVM has used enough CPU time to have compiled what it will compile; of those that follow, the median
 * is printed, so that neither a late compilation nor a collection that falls into one of them counts for all.
 */
final class KernelProgram {
    private static final long WARM_UP_NANOS = 3_000_000_000L;
    private static final int BLOCKS = 15;

    private KernelProgram() {}

    public static void main(String[] arguments) {
        Kernel kernel = Kernels.named(arguments[0]);
        long sum = run(kernel);
        while (CpuClock.nanos() < WARM_UP_NANOS) {
            run(kernel);
        }
        long[] nanos = new long[BLOCKS];
        for (int block = 0; block < BLOCKS; block++) {
            long before = CpuClock.nanos();
            run(kernel);
            nanos[block] = CpuClock.nanos() - before;
        }
        Arrays.sort(nanos);
        System.out.println(nanos[BLOCKS / 2] + " " + sum);
    }

    private static long run(Kernel kernel) {
        long sum = 0;
        for (int round = 0; round < kernel.rounds(); round++) {
            sum = sum * 31 + kernel.round().getAsLong();
        }
        return sum;
    }
}
