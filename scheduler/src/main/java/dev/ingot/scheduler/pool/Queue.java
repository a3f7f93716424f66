package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for room, and those for whom room is kept. Workloads that are alike in all that decides on their place stand together, so
 * that where one of them finds none the others need not be looked at, however many there are. Confined to the core's writer.
 */
final class Queue {
    private final Map<Shape, TreeSet<Workload>> alike = new HashMap<>();
    private final Map<Workload, Shape> shapes = new HashMap<>();

    /**
     * What workloads have in common.
     *
     * @param single the workload itself if it has to be looked at for itself: room is kept for it, or it must not start yet
     */
    private record Shape(
            Tier standing,
            int priority,
            String tenant,
            Resources needs,
            @Nullable Workload single) {}

    /** Puts a workload where it belongs now. */
    void put(Workload workload) {
        boolean single =
                workload.claim != null || workload.notBefore > 0 || workload.gang != null || workload.beyond != null;
        Shape shape = new Shape(
                workload.standing,
                workload.spec.priority(),
                workload.spec.tenant(),
                workload.spec.needs(),
                single ? workload : null);
        if (!shape.equals(shapes.get(workload))) {
            remove(workload);
            shapes.put(workload, shape);
            alike.computeIfAbsent(shape, absent -> new TreeSet<>(Workload.SENIORITY))
                    .add(workload);
        }
    }

    void remove(Workload workload) {
        Shape shape = shapes.remove(workload);
        TreeSet<Workload> group = shape == null ? null : alike.get(shape);
        if (group != null) {
            group.remove(workload);
            if (group.isEmpty()) {
                alike.remove(shape);
            }
        }
    }

    boolean contains(Workload workload) {
        return shapes.containsKey(workload);
    }

    /** How many wait, without those that still run elsewhere. */
    int size() {
        int size = 0;
        for (TreeSet<Workload> group : alike.values()) {
            size += group.first().state == WorkloadState.QUEUED ? group.size() : 0;
        }
        return size;
    }

    /** The most senior of each kind. */
    Collection<Workload> heads() {
        List<Workload> heads = new ArrayList<>(alike.size());
        alike.values().forEach(group -> heads.add(group.first()));
        heads.sort(Comparator.comparingLong(workload -> workload.number));
        return heads;
    }

    /** All that are like a head, the head first. */
    Iterable<Workload> like(Workload head) {
        TreeSet<Workload> group = alike.get(shapes.get(head));
        return group == null ? List.of() : group;
    }
}
