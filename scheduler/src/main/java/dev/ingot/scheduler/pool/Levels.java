package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The order by least attained service, where the policy has it (Gu et al., Tiresias, NSDI 2019): within a tenant, workloads that have had less of
 * the pool go before those that have had more, and take their room. Nobody knows how long a program takes, but most that have run for long take longer
 * still.
 *
 * <p>What counts is the <em>level</em>, which grows by one each time that somebody has had eight times as much, so that those that are about
 * alike do not take room from each other in turn. Who waits much longer than it has run begins at the lowest level again, so nobody waits for ever.
 * Confined to the core's writer.
 */
final class Levels {
    /** Of one device, or one core where there is no need of devices. */
    private static final long FIRST_MILLIS = 15 * 60_000L;

    private static final int GROWTH = 8;
    private static final int MOST = 8;
    private static final int WAIT_PER_RUN = 64;
    private static final long MILLI = 1000;

    private final boolean used;
    /** Those that wait at a higher level than the lowest, who begins anew first first. */
    private final TreeSet<Workload> waiting = new TreeSet<>(
            Comparator.<Workload>comparingLong(workload -> workload.anewAt).thenComparing(workload -> workload.number));

    Levels(Policy policy) {
        this.used = policy.leastServedFirst();
    }

    /** Whether a workload may take the room of another one because that has had more. */
    boolean mayTakeRoomOf(Workload victim, Workload preemptor, long now) {
        return used
                && preemptor.standing != Tier.PREMIUM
                && victim.standing == preemptor.standing
                && victim.beyond == null
                && preemptor.beyond == null
                && victim.spec.tenant().equals(preemptor.spec.tenant())
                && victim.spec.priority() <= preemptor.spec.priority()
                && level(victim, now)
                        > (preemptor.state == WorkloadState.QUEUED ? preemptor.level : level(preemptor, now));
    }

    boolean areUsed() {
        return used;
    }

    private static int level(Workload workload, long now) {
        Resources demand = workload.demand();
        long size = Math.max(1, (demand.milliDevices() > 0 ? demand.milliDevices() : demand.milliCores()) / MILLI);
        int level = 0;
        long most = FIRST_MILLIS / size;
        while (level < MOST && workload.service.ran(now) > most) {
            level++;
            most *= GROWTH;
        }
        return level;
    }

    /** Gives a workload that waits its level until it runs. */
    void update(Workload workload, long now) {
        remove(workload);
        workload.level = used ? level(workload, now) : 0;
        if (workload.level > 0) {
            workload.anewAt = workload.queuedAt + WAIT_PER_RUN * workload.service.ran(now);
            waiting.add(workload);
        }
    }

    /** A workload does not wait. */
    void remove(Workload workload) {
        waiting.remove(workload);
        workload.level = 0;
    }

    /** Those that have waited for so long that they begin anew. */
    List<Workload> due(long now) {
        List<Workload> due = new ArrayList<>();
        for (Workload workload : waiting) {
            if (workload.anewAt > now) {
                return due;
            }
            due.add(workload);
        }
        return due;
    }

    /** When the next one begins anew; {@link Long#MAX_VALUE} for never. */
    long nextDue() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.first().anewAt;
    }
}
