package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 *
 * <h2>Turns</h2>
 *
 * Tenants of the same standing take room from each other in two cases. Who would not hold more afterwards than the other one does then
 * may take it: that only makes their shares more alike, so it ends. And who holds nothing, and has had markedly less lately than the other
 * one, may take it where nothing can be divided: then they run by turns, each as long as it takes its usage to grow as much ahead.
 */
final class Planner {
    static final Comparator<Room> TIGHTEST = Comparator.<Room>comparingLong(room -> room.free.devices())
            .thenComparingLong(room -> room.free.milliCores())
            .thenComparingLong(room -> room.free.memoryMiB())
            .thenComparing(room -> room.node.name);

    /** In the order of names, as the nodes are. */
    private final Map<String, Room> rooms = new LinkedHashMap<>();

    private final List<Step> steps = new ArrayList<>();
    private final Registry registry;
    private final Policy policy;
    private final long now;
    private final Set<Workload> chosen = new HashSet<>();
    /** What tenants will hold once all that has been planned is done. */
    private final Map<String, Resources> held = new HashMap<>();

    private boolean nodeKeptForFirst;
    private final GangPlanner gangs = new GangPlanner(this);
    /** For whom no room was found; who needs as much and stands no better need not be looked at. */
    private final List<Workload> failed = new ArrayList<>();

    Planner(Registry registry, Policy policy, long now) {
        this.registry = registry;
        this.policy = policy;
        this.now = now;
        for (Node node : registry.nodes()) {
            if (node.takesWorkloads()) {
                rooms.put(node.name, new Room(node));
            }
        }
    }

    List<Step> plan(Line line) {
        for (Workload workload = line.next(); workload != null; workload = line.next()) {
            if (workload.state == WorkloadState.QUEUED) {
                if (!place(workload)) {
                    line.skipAlike();
                }
            } else if (!stillExpected(workload)) {
                steps.add(new Step.Drop(workload));
            }
        }
        return steps;
    }

    /** Returns whether it has, or will have, a place. */
    private boolean place(Workload workload) {
        if (workload.gang != null) {
            return gangs.place(workload);
        }
        if (workload.beyond != null && !workload.beyond.isUp()) {
            drop(workload);
            return false;
        }
        if (workload.claim != null && workload.claim.certain()) {
            Room room = rooms.get(workload.claim.node());
            if (room != null && room.fitsNow(workload.spec.needs())) {
                start(workload, room);
                return true;
            }
            if (stillExpected(workload)) {
                return true;
            }
        }
        if (workload.notBefore <= now && (findRoom(workload) || keepNodeForFirst(workload))) {
            return true;
        }
        drop(workload);
        return false;
    }

    private boolean findRoom(Workload workload) {
        for (Workload other : failed) {
            boolean worse = other.standing.compareTo(workload.standing) <= 0
                    && other.spec.tenant().equals(workload.spec.tenant())
                    && other.spec.needs().fitsIn(workload.spec.needs());
            if (worse) {
                return false;
            }
        }
        Room elsewhere = workload.failedOn == null ? null : tightestFor(workload.spec.needs(), workload.failedOn);
        Room room = elsewhere == null ? tightestFor(workload.spec.needs(), null) : elsewhere;
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

    void start(Workload workload, Room room) {
        room.free = room.free.minus(workload.spec.needs());
        hold(workload.spec.tenant(), held(workload.spec.tenant()).plus(workload.spec.needs()));
        steps.add(new Step.Start(workload, room.node.name));
    }

    void drop(Workload workload) {
        if (workload.claim != null) {
            steps.add(new Step.Drop(workload));
        }
    }

    void keep(Workload workload, Room room, boolean certain) {
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
            Victims victims = Victims.on(room, workload, candidates(room, workload), this);
            if (victims != null && (best == null || victims.compareTo(best) < 0)) {
                best = victims;
            }
        }
        if (best == null) {
            return false;
        }
        for (Workload victim : best.workloads()) {
            makeRoom(victim, workload);
        }
        hold(workload.spec.tenant(), held(workload.spec.tenant()).plus(workload.spec.needs()));
        keep(workload, best.room(), true);
        return true;
    }

    /** A victim, and those that stop with it, will leave their rooms. */
    void suspend(Workload victim) {
        for (Workload each : victim.together()) {
            Room room = each.node == null ? null : rooms.get(each.node);
            if (room != null) {
                room.releasing = room.releasing.plus(each.spec.needs());
            }
            chosen.add(each);
        }
        hold(victim.spec.tenant(), held(victim.spec.tenant()).minus(victim.demand()));
    }

    /** What a victim, and those that stop with it, leave in a room. */
    static Resources freed(Room room, Workload victim) {
        Resources freed = Resources.NONE;
        for (Workload each : victim.together()) {
            freed = room.node.name.equals(each.node) ? freed.plus(each.spec.needs()) : freed;
        }
        return freed;
    }

    Resources held(String tenant) {
        Resources planned = held.get(tenant);
        return planned == null ? registry.shares.held(tenant) : planned;
    }

    void hold(String tenant, Resources amount) {
        held.put(tenant, amount);
    }

    List<Workload> candidates(Room room, Workload preemptor) {
        List<Workload> candidates = new ArrayList<>();
        Set<Gang> seen = new HashSet<>();
        for (Workload victim : room.node.workloads) {
            if (victim.gang != null && !seen.add(victim.gang)) {
                // One of its members stands for all.
                continue;
            }
            boolean weaker = preemptor.standing.mayTakeRoomOf(victim.standing) || isLent(victim, preemptor);
            if ((weaker || mayTakeTurn(preemptor, victim.spec.tenant(), victim.standing, victim.demand()))
                    && victim.together().stream().allMatch(each -> maySuspend(each, preemptor))) {
                candidates.add(victim);
            }
        }
        return candidates;
    }

    /** What a gang has beyond the least it needs is lent to all of its tier. */
    static boolean isLent(Workload victim, Workload preemptor) {
        return preemptor.standing == victim.standing && preemptor.beyond == null && victim.beyond != null;
    }

    private boolean maySuspend(Workload victim, Workload preemptor) {
        long ripeAt = preemptor.standing == Tier.PREMIUM
                ? victim.runningSince + policy.minimumRunMillis()
                : victim.runningSince + registry.minimumRun(victim);
        return victim.state == WorkloadState.RUNNING
                && victim.spareUntil <= now
                && ripeAt <= now
                // Somebody in front may have chosen it in this very plan.
                && !chosen.contains(victim);
    }

    /** Whether a workload may take {@code amount} from another tenant of the same standing. */
    boolean mayTakeTurn(Workload preemptor, String other, Tier standing, Resources amount) {
        String tenant = preemptor.spec.tenant();
        if (standing != preemptor.standing || standing == Tier.PREMIUM || other.equals(tenant)) {
            return false;
        }
        Shares shares = registry.shares;
        double after = shares.share(held(tenant).plus(preemptor.demand()));
        double othersAfter = shares.share(held(other).minus(amount));
        if (after <= othersAfter && othersAfter < shares.share(held(other))) {
            return true;
        }
        double margin = policy.turnPermille() / (double) Service.WHOLE;
        return held(tenant).equals(Resources.NONE) && shares.history(tenant, now) + margin < shares.history(other, now);
    }

    /** What suspending a workload now would cost, in milliseconds. */
    long cost(Workload victim) {
        long cost = 0;
        for (Workload each : victim.together()) {
            cost += registry.costs().preemption(each, now);
        }
        return cost;
    }

    /** Whether a workload may have nodes kept for it that nobody is suspended on. */
    boolean isFirstToWait(Workload workload) {
        return !nodeKeptForFirst && workload.queuedAt + policy.patienceMillis() <= now;
    }

    /** Nobody behind has nodes kept. */
    void nodesAreKept() {
        nodeKeptForFirst = true;
    }

    boolean mayStart(Workload workload) {
        return workload.notBefore <= now;
    }

    Map<String, Room> rooms() {
        return rooms;
    }

    /** All of the plan that a step changes, to go back to. */
    record Mark(
            Map<Room, Resources> releasing,
            Map<Room, Resources> claimed,
            Set<Workload> chosen,
            Map<String, Resources> held) {}

    Mark mark() {
        Map<Room, Resources> releasing = new HashMap<>();
        Map<Room, Resources> claimed = new HashMap<>();
        for (Room room : rooms.values()) {
            releasing.put(room, room.releasing);
            claimed.put(room, room.claimed);
        }
        return new Mark(releasing, claimed, new HashSet<>(chosen), new HashMap<>(held));
    }

    void goBackTo(Mark mark) {
        mark.releasing.forEach((room, releasing) -> room.releasing = releasing);
        mark.claimed.forEach((room, claimed) -> room.claimed = claimed);
        chosen.clear();
        chosen.addAll(mark.chosen);
        held.clear();
        held.putAll(mark.held);
    }

    void makeRoom(Workload victim, Workload preemptor) {
        suspend(victim);
        steps.add(new Step.MakeRoom(victim, preemptor));
    }

    private boolean keepNodeForFirst(Workload workload) {
        // Who is beyond what a gang needs has no claim to any.
        if (workload.beyond != null || !isFirstToWait(workload)) {
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
