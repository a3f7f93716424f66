package dev.ingot.scheduler.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves of workloads that run, to a node that gets ready first where there is time. Who makes room for another one is not moved but
 * suspended: somebody waits for that. Confined to the core's writer.
 */
final class Moves {
    private static final long MOST_PREPARATION_MILLIS = 30_000;
    /** Of one node that is drained, at a time: each has an image written, carried and read. */
    private static final int MOST_AT_ONCE = 2;

    private final Registry registry;
    private final Policy policy;

    Moves(Registry registry, Policy policy) {
        this.registry = registry;
        this.policy = policy;
    }

    /** Moves a workload to room that is there; another node gets ready for it first. */
    void begin(long now, Workload workload, Claim claim) {
        String target = claim.node();
        registry.setClaim(workload, claim);
        if (target.equals(workload.node)) {
            // There is no other node to get ready.
            registry.beginSuspend(now, workload, Intent.MIGRATE, reason(workload, target));
            return;
        }
        // What a move takes, the preparation takes as well: an image is written, carried and read.
        long until = now + MOST_PREPARATION_MILLIS + registry.costs().move(workload);
        registry.prepare(now, workload, claim, until);
    }

    /** The node is ready. */
    void ready(long now, Workload workload, String target) {
        registry.beginSuspend(now, workload, Intent.MIGRATE, reason(workload, target));
    }

    /** Whoever was to move and has waited long enough for the other node goes. */
    void goUnprepared(long now) {
        for (Workload workload : List.copyOf(registry.prepared())) {
            Preparation preparation = workload.preparation;
            if (preparation != null && workload.state == WorkloadState.RUNNING && preparation.until() <= now) {
                String reason = reason(workload, preparation.node()) + ", which did not get ready in time";
                registry.beginSuspend(now, workload, Intent.MIGRATE, reason);
            }
        }
    }

    private String reason(Workload workload, String target) {
        Claim claim = workload.claim;
        if (claim == null || claim.choice() >= workload.choice()) {
            return "moves to " + target + why(workload);
        }
        String where = target.equals(workload.node) ? "" : " on " + target;
        return "moves up from " + name(workload, workload.choice()) + " to " + name(workload, claim.choice()) + where;
    }

    private String why(Workload workload) {
        Node node = workload.node == null ? null : registry.findNode(workload.node);
        return node != null && isDrained(node) ? " because " + drained(node) : " on request";
    }

    private static boolean isDrained(Node node) {
        return node.draining || node.health.isEvacuated();
    }

    private static String drained(Node node) {
        return "node " + node.name + (node.draining ? " is being drained" : " is faulty");
    }

    private static String name(Workload workload, int choice) {
        return workload.spec.alternatives().get(choice).text();
    }

    /** Whoever must not stay where it is goes. */
    void evacuate(long now, boolean closed) {
        for (Node node :
                List.copyOf(closed ? registry.nodes() : registry.index().attended())) {
            if (node.alive && (closed || node.leaving)) {
                String why = closed ? "the pool is being stopped" : "node " + node.name + " is about to end";
                for (Workload workload : List.copyOf(node.workloads)) {
                    if (maySuspend(workload, now)) {
                        registry.beginSuspend(now, workload, Intent.MAKE_ROOM, why);
                    }
                }
            } else if (node.alive && isDrained(node)) {
                drain(now, node);
            }
        }
    }

    private static boolean maySuspend(Workload workload, long now) {
        return workload.state == WorkloadState.RUNNING && workload.spareUntil <= now;
    }

    private void drain(long now, Node node) {
        long underWay = node.workloads.stream()
                .filter(workload -> workload.preparation != null || workload.state == WorkloadState.SUSPENDING)
                .count();
        for (Workload workload : List.copyOf(node.workloads)) {
            if (workload.preparation != null || !maySuspend(workload, now)) {
                continue;
            }
            // Members of a gang move with all of it.
            if (workload.gang == null && underWay >= MOST_AT_ONCE) {
                continue;
            }
            underWay++;
            Claim elsewhere = workload.gang == null ? elsewhere(now, workload) : null;
            if (elsewhere == null) {
                registry.beginSuspend(now, workload, Intent.MAKE_ROOM, drained(node));
            } else {
                begin(now, workload, elsewhere);
            }
        }
    }

    /** Another node with room that those who wait have left. */
    private @Nullable Claim elsewhere(long now, Workload workload) {
        Planner planner = new Planner(registry, policy, Search.WEAKER, now);
        planner.plan(registry.line(now));
        return planner.elsewhere(workload, Planner.slowest(workload));
    }
}
