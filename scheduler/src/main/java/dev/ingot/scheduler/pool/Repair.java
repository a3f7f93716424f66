package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of workloads that crash, and of the nodes on which they do. Confined to the core's writer.
 *
 * <h2>Workloads</h2>
 *
 * A crash is gone on from at once, then after longer and longer delays, as another one of its alternatives and elsewhere if possible: it may be
 * an accelerator, or what the program does with that, of which it crashes. To a faster one than it has then it moves up again the later, the more
 * often it has crashed so. Who crashes again and again from the newest
 * image goes back to the one before, since what it crashes of may be in the image; who crashes again and again from that too is held for a
 * user to look at. New images in between change nothing of that unless it has run well for a while, or was only killed from outside: an
 * image that was taken between two crashes may hold what it crashes of.
 */
final class Repair {
    private static final long FIRST_DELAY_MILLIS = 1000;
    private static final int MOST_DOUBLINGS = 5;
    private static final int MOST_SETBACKS = 10;

    private final Registry registry;
    private final Policy policy;

    Repair(Registry registry, Policy policy) {
        this.registry = registry;
        this.policy = policy;
    }

    /* ---- Workloads ---- */

    /** A workload has a newer image. */
    void imageTaken(long now, Workload workload, ImageReference image) {
        boolean ran = workload.state == WorkloadState.RUNNING || workload.state == WorkloadState.SUSPENDING;
        boolean well = ran && now - workload.runningSince >= policy.steadyMillis();
        if (well || workload.wasKilled) {
            overcome(workload);
        }
        if (well && workload.choice() == 0) {
            workload.setbacks = 0;
        }
        if (workload.failures == 0 && !workload.wentBack) {
            workload.earlier = workload.image;
            workload.earlierOutput = workload.imageOutput;
        }
        workload.image = image;
        workload.imageAt = now;
        workload.imageOutput = workload.baseAnd(image.output());
    }

    /** Its crashes count no more. */
    void overcome(Workload workload) {
        workload.failures = 0;
        workload.wentBack = false;
        workload.wasKilled = false;
        workload.failedOn = null;
        workload.failedAs = Workload.NONE;
    }

    /**
     * A workload has crashed, in whatever way, and is not being cancelled.
     *
     * @param killed whether from outside
     */
    void crashed(long now, Workload workload, String how, boolean killed) {
        breakGang(workload);
        workload.problem = how;
        workload.wasKilled = killed;
        workload.failedOn = workload.node;
        workload.failedAs = workload.choice();
        if (workload.choice() < workload.spec.alternatives().size() - 1) {
            workload.setbacks = Math.min(MOST_SETBACKS, workload.setbacks + 1);
        }
        workload.failures++;
        Node node = workload.node == null ? null : registry.findNode(workload.node);
        if (workload.failures <= policy.mostFailures()) {
            tryAgain(now, workload, how);
        } else if (workload.earlier != null && !workload.wentBack && workload.gang == null) {
            goBack(now, workload, how);
        } else if (workload.image != null) {
            hold(now, workload, how);
        } else {
            workload.finalOutput = workload.imageOutput;
            registry.to(now, workload, WorkloadState.FAILED, how + " " + workload.failures + " times without an image");
        }
        if (node != null) {
            node.health.failed(now, workload.spec.name());
            judge(now, node);
        }
    }

    private void tryAgain(long now, Workload workload, String how) {
        if (workload.failures > 1) {
            int doublings = Math.min(workload.failures - 2, MOST_DOUBLINGS);
            workload.notBefore = now + (FIRST_DELAY_MILLIS << doublings);
        }
        registry.to(now, workload, heldOrQueued(workload), how);
    }

    private void goBack(long now, Workload workload, String how) {
        ImageReference earlier = workload.earlier;
        if (earlier == null) {
            throw new IllegalStateException(workload.id + " has nothing to go back to");
        }
        String reason = how + " " + workload.failures + " times in a row; goes back to image " + earlier.directory();
        workload.image = earlier;
        workload.imageOutput = workload.earlierOutput;
        workload.earlier = null;
        workload.earlierOutput = List.of();
        workload.wentBack = true;
        workload.failures = 0;
        registry.to(now, workload, heldOrQueued(workload), reason);
    }

    private void hold(long now, Workload workload, String how) {
        String reason = how + " " + workload.failures + " times in a row"
                + (workload.wentBack ? ", and before that from a newer image" : "")
                + "; held until 'ingot pool resume " + workload.id + "' or 'ingot cancel " + workload.id + "'";
        registry.to(now, workload, WorkloadState.HELD, reason);
    }

    static WorkloadState heldOrQueued(Workload workload) {
        boolean held = workload.state == WorkloadState.SUSPENDING && workload.intent == Intent.HOLD;
        return held ? WorkloadState.HELD : WorkloadState.QUEUED;
    }

    /** A workload does not go on from where it is, so neither does its gang. */
    static void breakGang(Workload workload) {
        if (workload.gang != null) {
            workload.gang.broken = true;
        }
    }

    /* ---- Nodes ---- */

    /** @param counts whether that speaks against the node */
    void lost(long now, Node node, boolean counts) {
        node.health.lost(now, counts);
        judge(now, node);
    }

    /** What the probes of a node find has changed. */
    void found(long now, Node node, Map<Probe, String> findings) {
        node.health.find(now, findings);
        registry.nodeChanged(now, node);
        judge(now, node);
    }

    /** A user trusts a node. */
    void pardon(long now, Node node) {
        node.health.pardon(now);
        registry.nodeChanged(now, node);
    }

    /** Time may have changed how far nodes are trusted. */
    void review(long now) {
        boolean changed;
        do {
            changed = false;
            // Once one is trusted again, another one may be kept away.
            for (Node node : List.copyOf(registry.index().attended())) {
                changed |= judge(now, node);
            }
        } while (changed);
    }

    /** Whether it is trusted more, or less, from now on. */
    private boolean judge(long now, Node node) {
        HealthSignal signal = node.health.due(now);
        if (signal == null) {
            return false;
        }
        HealthState before = node.health.state();
        boolean trusted = before == HealthState.HEALTHY || before == HealthState.PROBATION;
        boolean away = before.on(signal) == HealthState.SUSPECT || before.on(signal) == HealthState.QUARANTINED;
        if (trusted && away && !wouldLeaveHalf(node)) {
            return false;
        }
        String complaint = signal == HealthSignal.FAILED ? node.health.complaint(now) : node.health.found();
        node.health.transition(now, signal);
        registry.nodeChanged(now, node);
        registry.events().note(now, node.name, null, "node " + node.name + " " + consequence(now, node, complaint));
        return true;
    }

    private static String consequence(long now, Node node, @Nullable String complaint) {
        String free = "; 'ingot uncordon " + node.name + "' lets it earlier";
        return switch (node.health.state()) {
            case HEALTHY -> "takes workloads again";
            case SUSPECT -> "is suspect and takes no new workloads: " + complaint;
            case QUARANTINED ->
                "takes no new workloads for " + minutes(now, node) + " minutes"
                        + (node.health.isEvacuated() ? ", and those that it has move away: " : ": ") + complaint + free;
            case PROBATION ->
                "is on probation for " + minutes(now, node) + " minutes and takes one workload at a time" + free;
        };
    }

    private static long minutes(long now, Node node) {
        return (node.health.until() - now) / 60_000;
    }

    /** Where most nodes fail, it is not they who are at fault. */
    private boolean wouldLeaveHalf(Node suspect) {
        int living = 1;
        int able = 0;
        for (Node node : registry.nodes()) {
            if (node != suspect && node.alive) {
                HealthState state = node.health.state();
                boolean trusted = state == HealthState.HEALTHY || state == HealthState.PROBATION;
                living++;
                able += trusted && !node.cordoned && !node.leaving ? 1 : 0;
            }
        }
        return able * 2 >= living;
    }
}
