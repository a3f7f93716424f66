package dev.ingot.scheduler.pool;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

/** A node in the core's state. Confined to the core's writer. */
final class Node {
    final String name;
    String incarnation = "";
    Resources capacity = Resources.NONE;
    boolean alive;
    boolean cordoned;
    boolean draining;
    /** Whether it wants to end; until it joins again. */
    boolean leaving;

    final NodeHealth health;
    /** What those placed here need. */
    Resources taken = Resources.NONE;
    /** Of that, what those that are being suspended or ended need. */
    Resources releasing = Resources.NONE;
    /** Those placed here, in the order of their submission. */
    final Set<Workload> workloads = new TreeSet<>(Comparator.comparingLong(workload -> workload.number));

    Node(String name) {
        this.name = name;
        this.health = new NodeHealth(HealthSnapshot.GOOD);
    }

    Node(NodeSnapshot snapshot) {
        name = snapshot.name();
        incarnation = snapshot.incarnation();
        capacity = snapshot.capacity();
        alive = snapshot.alive();
        cordoned = snapshot.cordoned();
        draining = snapshot.draining();
        leaving = snapshot.leaving();
        health = new NodeHealth(snapshot.health());
    }

    NodeSnapshot snapshot() {
        return new NodeSnapshot(name, incarnation, capacity, alive, cordoned, draining, leaving, health.snapshot());
    }

    void place(Workload workload) {
        workloads.add(workload);
        taken = taken.plus(workload.spec.needs());
        if (workload.state.isLeaving()) {
            releasing = releasing.plus(workload.spec.needs());
        }
    }

    void remove(Workload workload, boolean wasLeaving) {
        workloads.remove(workload);
        taken = taken.minus(workload.spec.needs());
        if (wasLeaving) {
            releasing = releasing.minus(workload.spec.needs());
        }
    }

    /** A workload placed here begins to leave, or is to stay after all. */
    void setLeaving(Workload workload, boolean leaves) {
        Resources needs = workload.spec.needs();
        releasing = leaves ? releasing.plus(needs) : releasing.minus(needs);
    }

    boolean takesWorkloads() {
        return alive && !cordoned && !leaving && !health.isQuarantined();
    }
}
