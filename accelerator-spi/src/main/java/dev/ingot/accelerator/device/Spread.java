package dev.ingot.accelerator.device;

import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which devices the devices of an image go on on, where there are several that would do. What was on different devices goes on on different
 * ones as far as there are enough of them, and what was on one device stays together. Used by one thread.
 */
final class Spread {
    /** By the device that goes on, the names of those whose content goes there. */
    private final Map<String, Set<String>> chosen = new HashMap<>();

    /** The candidates, those first that fewest other devices go on on. */
    List<DeviceDescriptor> inOrder(List<DeviceDescriptor> candidates, DeviceDescriptor before) {
        List<DeviceDescriptor> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.comparingLong(candidate -> others(candidate, before)));
        return sorted;
    }

    private long others(DeviceDescriptor candidate, DeviceDescriptor before) {
        return chosen.getOrDefault(candidate.name(), Set.of()).stream()
                .filter(other -> !other.equals(before.name()))
                .count();
    }

    /** Says where a device goes on. */
    void choose(DeviceDescriptor target, DeviceDescriptor before) {
        chosen.computeIfAbsent(target.name(), name -> new HashSet<>()).add(before.name());
    }
}
