package dev.ingot.scheduler.simulation;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A made-up trace that is the same in clusters of all sizes: nodes of eight devices, and for each of them ten workloads of one, two, four or
 * eight, of twenty tenants, a fifth of them Premium, two fifths Standard, two fifths Basic. They come as fast as 1.3 times as many nodes could
 * bear, and take some minutes each.
 */
public final class MadeTrace {
    private static final int DEVICES = 8;
    private static final int JOBS_PER_NODE = 10;
    private static final int TENANTS = 20;
    private static final double LOAD = 1.3;
    private static final double MINUTE = 60_000;
    /** Of the logarithm of the minutes that a workload takes. */
    private static final double MEAN = 2;

    private static final double DEVIATION = 0.7;
    private static final List<Tier> TIERS = List.of(Tier.PREMIUM, Tier.STANDARD, Tier.STANDARD, Tier.BASIC, Tier.BASIC);

    private MadeTrace() {}

    /** A fifth Premium, two fifths Standard, two fifths Basic. */
    static Tier tier(Random random) {
        return TIERS.get(random.nextInt(TIERS.size()));
    }

    /** That of a cluster of so many nodes. */
    public static Trace of(int nodes) {
        Random random = new Random(nodes);
        int count = nodes * JOBS_PER_NODE;
        long[] runs = new long[count];
        int[] devices = new int[count];
        double work = 0;
        for (int i = 0; i < count; i++) {
            runs[i] = (long) (MINUTE * Math.exp(random.nextGaussian() * DEVIATION + MEAN));
            devices[i] = 1 << random.nextInt(4);
            work += (double) runs[i] * devices[i];
        }
        PoissonArrivals arrivals = new PoissonArrivals(random, count, work, (double) nodes * DEVICES, LOAD);
        List<Trace.Job> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long at = arrivals.next();
            Tier tier = tier(random);
            String tenant = "tenant-" + random.nextInt(TENANTS);
            Resources needs = new Resources(1000, 1000, (long) devices[i] * Resources.WHOLE_DEVICE);
            jobs.add(new Trace.Job("job-" + i, tenant, tier, needs, 1, at, runs[i]));
        }
        List<Trace.Machine> machines = new ArrayList<>();
        for (int number = 0; number < nodes; number++) {
            machines.add(new Trace.Machine(
                    String.format(Locale.ROOT, "n%06d", number),
                    new Resources(64_000, 256_000, (long) DEVICES * Resources.WHOLE_DEVICE)));
        }
        return new Trace(machines, jobs);
    }
}
