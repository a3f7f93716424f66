package dev.ingot.node;

import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.nio.file.Path;
import java.util.List;

/**
 * What a node is started with.
 *
 * @param pool the pool's directory, or, of a node that has no access to that, its own
 * @param location where it stands
 * @param providers class path of the providers that find out what its accelerators are; empty for none
 * @param agent the jar of Ingot's agent
 */
public record NodeOptions(
        PoolDirectory pool, String name, Resources capacity, Location location, String providers, Path agent) {
    private static final int COUNT = 8;

    static NodeOptions parse(List<String> arguments) {
        if (arguments.size() != COUNT) {
            throw new IllegalArgumentException(
                    "needed are POOL NAME MILLICORES MEMORY MILLIDEVICES LOCATION PROVIDERS AGENT, not " + arguments);
        }
        return new NodeOptions(
                new PoolDirectory(Path.of(arguments.get(0))),
                arguments.get(1),
                new Resources(
                        Long.parseLong(arguments.get(2)),
                        Long.parseLong(arguments.get(3)),
                        Long.parseLong(arguments.get(4))),
                new Location(arguments.get(5)),
                arguments.get(6),
                Path.of(arguments.get(7)));
    }

    /** The arguments of {@link NodeDaemon#main} that lead to these options. */
    public List<String> arguments() {
        return List.of(
                pool.path().toString(),
                name,
                Long.toString(capacity.milliCores()),
                Long.toString(capacity.memoryMiB()),
                Long.toString(capacity.milliDevices()),
                location.path(),
                providers,
                agent.toString());
    }
}
