package dev.ingot.scheduler.pool;

import java.util.LinkedHashSet;
import java.util.Set;

/** A node in the core's state. Confined to the core's writer. */
final class Node {
    final String name;
    String incarnation = "";
    Resources capacity = Resources.NONE;
    boolean alive;
    boolean cordoned;
    boolean draining;
    /** Those placed here. */
    final Set<Workload> workloads = new LinkedHashSet<>();

    Node(String name) {
        this.name = name;
    }

    boolean takesWorkloads() {
        return alive && !cordoned;
    }
}
