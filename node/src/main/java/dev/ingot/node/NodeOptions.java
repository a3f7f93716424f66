package dev.ingot.node;

import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node is started with.
 *
 * @param pool the pool's directory, or, of a node that has no access to that, its own
 * @param capacity without its accelerators
 * @param devices its accelerators; null for those that the providers find
 * @param location where it stands
 * @param providers class path of the providers that find out what its accelerators are; empty for none
 * @param probes from when on what it measures of itself speaks against it
 * @param agent the jar of Ingot's agent
 */
public record NodeOptions(
        PoolDirectory pool,
        String name,
        Resources capacity,
        @Nullable NodeDevices devices,
        Location location,
        String providers,
        ProbeLimits probes,
        Path agent) {
    private static final int COUNT = 9;
    private static final String FOUND = "found";

    static NodeOptions parse(List<String> arguments) {
        if (arguments.size() != COUNT) {
            throw new IllegalArgumentException(
                    "needed are POOL NAME MILLICORES MEMORY DEVICES LOCATION PROVIDERS PROBES AGENT, not " + arguments);
        }
        return new NodeOptions(
                new PoolDirectory(Path.of(arguments.get(0))),
                arguments.get(1),
                new Resources(Long.parseLong(arguments.get(2)), Long.parseLong(arguments.get(3)), 0),
                devices(arguments.get(4)),
                new Location(arguments.get(5)),
                arguments.get(6),
                ProbeLimits.parse(arguments.get(7)),
                Path.of(arguments.get(8)));
    }

    private static @Nullable NodeDevices devices(String text) {
        if (text.equals(FOUND)) {
            return null;
        }
        Map<AcceleratorKind, Integer> counts = new EnumMap<>(AcceleratorKind.class);
        for (StringTokenizer parts = new StringTokenizer(text, ",="); parts.hasMoreTokens(); ) {
            counts.put(AcceleratorKind.valueOf(parts.nextToken()), Integer.parseInt(parts.nextToken()));
        }
        return new NodeDevices(counts);
    }

    private static String text(NodeDevices devices) {
        return devices.counts().entrySet().stream()
                .map(each -> each.getKey().name() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    }

    /**
     * What it offers in accelerators.
     *
     * @param found what the providers found
     */
    NodeDevices offered(NodeDevices found) {
        if (devices == null) {
            return found;
        }
        // A number that is that of those found is of these; of another one nobody knows which they are.
        boolean areFound = devices.named().equals(NodeDevices.UNNAMED) && devices.total() == found.total();
        return areFound ? found : devices;
    }

    /** The arguments of {@link NodeDaemon#main} that lead to these options. */
    public List<String> arguments() {
        return List.of(
                pool.path().toString(),
                name,
                Long.toString(capacity.milliCores()),
                Long.toString(capacity.memoryMiB()),
                devices == null ? FOUND : text(devices),
                location.path(),
                providers,
                probes.text(),
                agent.toString());
    }
}
