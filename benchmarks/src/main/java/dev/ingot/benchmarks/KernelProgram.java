package dev.ingot.benchmarks;

import java.time.Duration;

/** Runs one kernel in this JVM and prints its CPU time, in nanoseconds and of all threads, and its sum. */
final class KernelProgram {
    private KernelProgram() {}

    public static void main(String[] arguments) {
        Kernel kernel = Kernels.named(arguments[0]);
        long sum = run(kernel);
        long before = cpuNanos();
        sum += run(kernel);
        System.out.println(cpuNanos() - before + " " + sum);
    }

    private static long run(Kernel kernel) {
        long sum = 0;
        for (int round = 0; round < kernel.rounds(); round++) {
            sum = sum * 31 + kernel.round().getAsLong();
        }
        return sum;
    }

    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElseThrow(() -> new IllegalStateException("this system does not tell the CPU time of a process"));
    }
}
