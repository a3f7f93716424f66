package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes one plan: who starts where, and who makes room for it.
 *
 * <h2>Overview</h2>
 *
 * Everybody who waits is looked at once, in the order of rank, against what those in front have left. Whoever fits starts, on the
 * node where least remains. Whoever does not may have weaker tiers make room, and then holds a claim on that room: a plan never
 * has anybody suspended without a claim that the suspension completes, and what is already being suspended counts first. Claims of
 * lower rank do not stand in the way; when their turn comes and their room is gone, they are dropped. The first in line who fits
 * nowhere and has waited long enough claims a node without anybody being suspended, so that smaller ones behind cannot pass for
 * ever.
 */
final class Planner {
    private static final Comparator<Room> TIGHTEST = Comparator.<Room>comparingLong(room -> room.free.devices())
            .thenComparingLong(room -> room.free.milliCores())
            .thenComparingLong(room -> room.free.memoryMiB())
            .thenComparing(room -> room.node.name);

    private final Map<String, Room> rooms = new TreeMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Policy policy;
    private final long now;
    private boolean nodeKeptForFirst;
    /** For whom no room was found; who needs as much and stands no better need not be looked at. */
    private final List<Workload> failed = new ArrayList<>();

    Planner(Collection<Node> nodes, Policy policy, long now) {
        this.policy = policy;
        this.now = now;
        for (Node node : nodes) {
            if (node.takesWorkloads()) {
                rooms.put(node.name, new Room(node));
            }
        }
    }

    /** @param waiting by rank */
    List<Step> plan(Iterable<Workload> waiting) {
        for (Workload workload : waiting) {
            if (workload.state == WorkloadState.QUEUED) {
                place(workload);
            } else if (!stillExpected(workload)) {
                steps.add(new Step.Drop(workload));
            }
        }
        return steps;
    }

    private void place(Workload workload) {
        if (workload.claim != null && workload.claim.certain()) {
            Room room = rooms.get(workload.claim.node());
            if (room != null && room.fitsNow(workload.spec.needs())) {
                start(workload, room);
                return;
            }
            if (stillExpected(workload)) {
                return;
            }
        }
        if (workload.notBefore > now) {
            drop(workload);
            return;
        }
        if (!findRoom(workload) && !keepNodeForFirst(workload)) {
            drop(workload);
        }
    }

    private boolean findRoom(Workload workload) {
        for (Workload other : failed) {
            boolean worse = other.standing.compareTo(workload.standing) <= 0
                    && other.spec.needs().fitsIn(workload.spec.needs());
            if (worse) {
                return false;
            }
        }
        Room room = tightestFor(workload.spec.needs(), null);
        if (room != null) {
            start(workload, room);
            return true;
        }
        if (makeRoom(workload)) {
            return true;
        }
        failed.add(workload);
        return false;
    }

    private void start(Workload workload, Room room) {
        room.free = room.free.minus(workload.spec.needs());
        steps.add(new Step.Start(workload, room.node.name));
    }

    private void drop(Workload workload) {
        if (workload.claim != null) {
            steps.add(new Step.Drop(workload));
        }
    }

    private void keep(Workload workload, Room room, boolean certain) {
        room.claimed = room.claimed.plus(workload.spec.needs());
        Claim claim = new Claim(room.node.name, certain);
        if (!claim.equals(workload.claim)) {
            steps.add(new Step.Keep(workload, claim));
        }
    }

    private boolean stillExpected(Workload workload) {
        Claim claim = workload.claim;
        Room room = claim == null ? null : rooms.get(claim.node());
        if (room == null || !workload.spec.needs().fitsIn(room.expected())) {
            return false;
        }
        room.claimed = room.claimed.plus(workload.spec.needs());
        return true;
    }

    /** The node with least left of those that have room now; null if none has. */
    @Nullable Room tightestFor(Resources needs, @Nullable String except) {
        return rooms.values().stream()
                .filter(room -> room.fitsNow(needs) && !room.node.name.equals(except))
                .min(TIGHTEST)
                .orElse(null);
    }

    boolean hasRoom(String node, Resources needs) {
        Room room = rooms.get(node);
        return room != null && room.fitsNow(needs);
    }

    private boolean makeRoom(Workload workload) {
        Victims best = null;
        for (Room room : rooms.values()) {
            Victims victims = Victims.on(room, workload, this::maySuspend);
            if (victims != null && (best == null || victims.compareTo(best) < 0)) {
                best = victims;
            }
        }
        if (best == null) {
            return false;
        }
        for (Workload victim : best.workloads()) {
            best.room().releasing = best.room().releasing.plus(victim.spec.needs());
            steps.add(new Step.MakeRoom(victim, workload));
        }
        keep(workload, best.room(), true);
        return true;
    }

    private boolean maySuspend(Workload victim) {
        return victim.state == WorkloadState.RUNNING
                && victim.spareUntil <= now
                && victim.runningSince + policy.minimumRunMillis() <= now
                // Somebody in front may have chosen it in this very plan.
                && steps.stream().noneMatch(step -> step instanceof Step.MakeRoom room && room.victim() == victim);
    }

    private boolean keepNodeForFirst(Workload workload) {
        if (nodeKeptForFirst || workload.queuedAt + policy.patienceMillis() > now) {
            return false;
        }
        Claim before = workload.claim;
        Room room = before == null ? null : rooms.get(before.node());
        if (room == null) {
            room = rooms.values().stream()
                    .filter(candidate -> workload.spec.needs().fitsIn(candidate.node.capacity))
                    .max(TIGHTEST)
                    .orElse(null);
        }
        if (room == null) {
            return false;
        }
        nodeKeptForFirst = true;
        keep(workload, room, false);
        return true;
    }
}
