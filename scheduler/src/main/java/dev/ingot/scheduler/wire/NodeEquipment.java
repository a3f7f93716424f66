package dev.ingot.scheduler.wire;

import dev.ingot.accelerator.state.Equipment;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.NodeDevices;
import java.util.EnumMap;
import java.util.Map;

/** What a node can offer of what it found in accelerators. */
public final class NodeEquipment {
    private NodeEquipment() {}

    /**
     * How many there are of each kind; processors are none.
     *
     * @param description as {@link Equipment#text} gives it; empty for nothing
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    public static NodeDevices devices(String description) {
        Map<AcceleratorKind, Integer> counts = new EnumMap<>(AcceleratorKind.class);
        if (!description.isEmpty()) {
            Equipment.parse(description)
                    .accelerators()
                    .forEach((kind, count) -> counts.put(AcceleratorKind.valueOf(kind), count));
        }
        return new NodeDevices(counts);
    }
}
