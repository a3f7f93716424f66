package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An input of the decision core. Everything that changes the pool is one of these, so the journal of them is the pool. */
public sealed interface Command {
    /**
     * Adds a workload.
     *
     * @param key chosen by the client; a second submission with the same one is the first
     */
    record Submit(String key, WorkloadSpec spec) implements Command {}

    /** Suspends a workload until it is resumed. */
    record Suspend(String workload) implements Command {}

    /** Lets a suspended, or a failed, workload go on. */
    record Resume(String workload) implements Command {}

    /** Moves a running workload; {@code node} null for any other. */
    record Migrate(String workload, @Nullable String node) implements Command {}

    /** Has two running workloads change places. */
    record Exchange(String workload, String with) implements Command {}

    /** Ends a workload. */
    record Cancel(String workload) implements Command {}

    /**
     * A node has come, or has come back.
     *
     * @param incarnation different each time it starts, or starts over
     * @param devices of which kinds those in {@code capacity} are
     * @param equipment what its accelerators are: the same for all nodes that have the same ones; empty where it does not say
     */
    record Join(
            String node,
            String incarnation,
            Resources capacity,
            NodeDevices devices,
            Location location,
            String equipment)
            implements Command {
        /** With devices of which it does not say the kinds. */
        public Join(String node, String incarnation, Resources capacity, Location location, String equipment) {
            this(node, incarnation, capacity, NodeDevices.UNNAMED, location, equipment);
        }

        /** With accelerators of which nothing is known. */
        public Join(String node, String incarnation, Resources capacity, Location location) {
            this(node, incarnation, capacity, location, "");
        }

        /** Nowhere in particular. */
        public Join(String node, String incarnation, Resources capacity) {
            this(node, incarnation, capacity, Location.NOWHERE);
        }
    }

    /**
     * Somebody has found out what going on from an image would be. What was known of it stays beside that.
     *
     * @param image its name; it may be one that no node has reported yet
     * @param prospects by the equipment of nodes
     */
    record Foresee(String workload, String image, Map<String, Prospect> prospects) implements Command {
        public Foresee {
            prospects = Map.copyOf(prospects);
        }
    }

    /** A node says how its workloads are. */
    record Observe(String node, String incarnation, List<Report> reports) implements Command {
        public Observe {
            reports = List.copyOf(reports);
        }
    }

    /**
     * Something, or nothing any more, speaks against a node.
     *
     * @param findings what its probes find now, all of them, and what of it
     */
    record Diagnose(String node, String incarnation, Map<Probe, String> findings) implements Command {
        public Diagnose {
            findings = Map.copyOf(findings);
        }
    }

    /** The lease of a node has run out, so that it runs nothing any more. */
    record Lose(String node, String incarnation) implements Command {}

    /**
     * A node that was lost is heard again as the same incarnation: its programs stand still, and it goes on with none that it is not
     * told to.
     */
    record Return(String node, String incarnation) implements Command {}

    /** A node is about to end: its workloads are to go elsewhere first. Holds until it joins again. */
    record Leave(String node, String incarnation) implements Command {}

    /** Whether new workloads may go to a node. */
    record Cordon(String node, boolean cordoned) implements Command {}

    /** Moves all workloads away from a node and lets no other come. */
    record Drain(String node) implements Command {}

    /**
     * Reserves room for a tenant's Premium workloads. As long as there is no reservation at all, Premium has no limit.
     *
     * @param reservation {@link Resources#NONE} for none
     */
    record Reserve(String tenant, Resources reservation) implements Command {}

    /**
     * Sets how much a tenant may have, with its parts. A budget of the same window goes on with what was used of the one before.
     *
     * @param limits {@link TenantLimits#NONE} for none
     */
    record Limit(String tenant, TenantLimits limits) implements Command {}

    /** Suspends everything, for the pool to be stopped; or lets everything go on. */
    record Close(boolean closed) implements Command {}

    /** Time has passed. */
    record Tick() implements Command {}
}
