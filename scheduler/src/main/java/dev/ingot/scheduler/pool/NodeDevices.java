package dev.ingot.scheduler.pool;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Of which kinds the accelerators of a node are. They are numbered from 0 on by kind, in the order of {@link AcceleratorKind}. Immutable.
 *
 * @param counts how many there are of each kind, of those of which there are any
 */
public record NodeDevices(Map<AcceleratorKind, Integer> counts) {
    /** Where a node does not say. */
    public static final NodeDevices UNNAMED = new NodeDevices(Map.of());

    public NodeDevices {
        Map<AcceleratorKind, Integer> sorted = new EnumMap<>(AcceleratorKind.class);
        counts.forEach((kind, count) -> {
            if (count < 0 || kind == AcceleratorKind.CPU) {
                throw new IllegalArgumentException(count + " accelerators cannot be of kind " + kind.text());
            } else if (count > 0) {
                sorted.put(kind, count);
            }
        });
        counts = Collections.unmodifiableMap(sorted);
    }

    /** How many there are in all. */
    public long total() {
        return counts.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** The same, or {@link #UNNAMED} where all are of any kind. */
    public NodeDevices named() {
        return counts.keySet().equals(Set.of(AcceleratorKind.ANY)) ? UNNAMED : this;
    }

    /** The number of the first of a kind, or that it would have; 0 for {@link AcceleratorKind#ANY}. */
    public int first(AcceleratorKind kind) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().compareTo(kind) < 0)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** The kind of each, by number; none where the node does not say. */
    AcceleratorKind[] places() {
        if (counts.isEmpty()) {
            return Space.UNNAMED;
        }
        AcceleratorKind[] places = new AcceleratorKind[(int) total()];
        int next = 0;
        for (Map.Entry<AcceleratorKind, Integer> each : counts.entrySet()) {
            for (int i = 0; i < each.getValue(); i++) {
                places[next++] = each.getKey();
            }
        }
        return places;
    }

    /** As people write it, such as {@code gpu:4,fpga:1}; empty where the node does not say. */
    public String text() {
        return counts.entrySet().stream()
                .map(each -> (each.getKey() == AcceleratorKind.ANY
                                ? ""
                                : each.getKey().text() + ":")
                        + each.getValue())
                .collect(Collectors.joining(","));
    }
}
