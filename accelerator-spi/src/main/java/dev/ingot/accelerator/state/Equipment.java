package dev.ingot.accelerator.state;

import dev.ingot.accelerator.DeviceKind;
import dev.ingot.accelerator.backend.DeviceDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a machine has in devices, as far as these providers find them. Immutable.
 *
 * @param providers who looked; of the devices of others nothing is known
 * @param devices that they found
 */
public record Equipment(Set<String> providers, List<DeviceDescriptor> devices) {
    public Equipment {
        providers = Set.copyOf(providers);
        devices = List.copyOf(devices);
    }

    /**
     * How many accelerators of each kind there are, by the kind's name as {@link DeviceKind} has it. Processors are none. Where several providers
     * find some of a kind, they are taken to find the same ones.
     */
    public Map<String, Integer> accelerators() {
        Map<String, Map<String, Integer>> byProvider = new TreeMap<>();
        for (DeviceDescriptor device : devices) {
            if (device.kind() != DeviceKind.CPU) {
                byProvider
                        .computeIfAbsent(device.provider(), absent -> new TreeMap<>())
                        .merge(device.kind().name(), 1, Integer::sum);
            }
        }
        Map<String, Integer> most = new TreeMap<>();
        byProvider.values().forEach(counts -> counts.forEach((kind, count) -> most.merge(kind, count, Math::max)));
        return most;
    }

    /** As one line, the same for the same equipment, which {@link #parse} reads. */
    public String text() {
        PlainText.Writer out = new PlainText.Writer();
        out.texts(new TreeSet<>(providers));
        out.number(devices.size());
        devices.stream().sorted(Comparator.comparing(DeviceDescriptor::name)).forEach(out::descriptor);
        return out.line();
    }

    /**
     * Reads what {@link #text} gave.
     *
     * @throws IllegalArgumentException if it is nothing of the kind
     */
    public static Equipment parse(String line) {
        return PlainText.read(line, in -> {
            Set<String> providers = new TreeSet<>(in.texts());
            List<DeviceDescriptor> devices = new ArrayList<>();
            for (long left = in.count(); left > 0; left--) {
                devices.add(in.descriptor());
            }
            return new Equipment(providers, devices);
        });
    }
}
