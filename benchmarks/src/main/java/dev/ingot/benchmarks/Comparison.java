package dev.ingot.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One kernel without and with the agent.
 *
 * @param plainMillis median CPU time without
 * @param agentMillis median CPU time with
 */
record Comparison(String kernel, double plainMillis, double agentMillis) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Runs by turns, so that whatever else the machine does hits both alike. */
    static Comparison of(Kernel kernel, KernelJvm jvm, List<String> agentOptions, int pairs)
            throws IOException, InterruptedException {
        List<Long> plain = new ArrayList<>();
        List<Long> agent = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            KernelJvm.Outcome without = jvm.run(kernel, List.of());
            KernelJvm.Outcome with = jvm.run(kernel, agentOptions);
            if (!without.sum().equals(with.sum())) {
                throw new IOException(
                        "kernel " + kernel.name() + " computed " + without.sum() + " without the agent, but "
                                + with.sum() + " with it: the weaver changed what the program does");
            }
            plain.add(without.cpuNanos());
            agent.add(with.cpuNanos());
        }
        return new Comparison(kernel.name(), median(plain), median(agent));
    }

    private static double median(List<Long> nanos) {
        Collections.sort(nanos);
        int middle = nanos.size() / 2;
        double median = nanos.size() % 2 == 1 ? nanos.get(middle) : (nanos.get(middle - 1) + nanos.get(middle)) / 2.0;
        return median / NANOS_PER_MILLI;
    }

    double ratio() {
        return agentMillis / plainMillis;
    }

    static double geometricMean(List<Comparison> comparisons) {
        double logarithms = 0;
        for (Comparison comparison : comparisons) {
            logarithms += Math.log(comparison.ratio());
        }
        return Math.exp(logarithms / comparisons.size());
    }
}
