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

    /**
     * The candidates, those of one provider after those of another, in the order in which they come: what several find of a kind are taken to be
     * the same devices. Of one provider those first that fewest other devices go on on.
     */
    List<DeviceDescriptor> inOrder(List<DeviceDescriptor> candidates, DeviceDescriptor before) {
        List<String> providers =
                candidates.stream().map(DeviceDescriptor::provider).distinct().toList();
        List<DeviceDescriptor> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.<DeviceDescriptor>comparingInt(candidate -> providers.indexOf(candidate.provider()))
                .thenComparingLong(candidate -> others(candidate, before)));
        return sorted;
    }

    /** Called for all devices before the first is chosen for: one that can go on in one place alone is there, whenever it was opened. */
    void reserve(List<DeviceDescriptor> candidates, DeviceDescriptor before) {
        if (candidates.size() == 1) {
            choose(candidates.get(0), before);
        }
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
