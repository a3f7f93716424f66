package dev.ingot.cli;

import dev.ingot.core.image.ImageName;
import dev.ingot.node.NodeDaemon;
import dev.ingot.node.NodeOptions;
import dev.ingot.node.ProbeLimits;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "node",
        description = {
            "Makes this machine a node of a pool elsewhere, until it is ended. It keeps images in a directory of its own, and brings each"
                    + " to the pool before that counts as taken; so whatever happens to this machine, its workloads go on elsewhere.",
            "Ctrl-C or SIGTERM has its workloads suspended and go elsewhere, and ends; once more ends it at once.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  ingot pool grant gpu-7 --role node > gpu-7.token      # where the pool is",
            "  ingot node --name gpu-7 --server https://pool.example.org:7180 --token-file gpu-7.token"
        },
        mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
    private static final long MILLI = 1000;
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int KILLED = 130;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--name", paramLabel = "NAME", description = "Its name in the pool (default: this machine's).")
    private @Nullable String name;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "For images and output of its workloads; all but images is deleted at the start (default: ~/.ingot/node).")
    private @Nullable Path directory;

    @Option(names = "--cores", paramLabel = "N", description = "Processor cores for workloads (default: all).")
    private @Nullable Integer cores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "Memory for workloads (default: three quarters).")
    private @Nullable Long memory;

    @Option(
            names = "--devices",
            paramLabel = "N",
            converter = NodeDevicesConverter.class,
            description =
                    "Accelerators for workloads, or how many of each kind, such as gpu:4,fpga:1 (default: those that the"
                            + " providers find, else none).")
    private @Nullable NodeDevices devices;

    @Option(
            names = "--device-providers",
            paramLabel = "CLASSPATH",
            defaultValue = "",
            description = {
                "The jars of the providers by which programs find their accelerators, and of Ingot's interface for them. The node asks"
                        + " them once what there is, so that the pool knows which images can go on here."
            })
    private String providers = "";

    @Option(
            names = "--location",
            paramLabel = "LOCATION",
            description = "Where it stands: REGION, REGION/ZONE or REGION/ZONE/RACK, such as eu/a/r7.",
            converter = LocationConverter.class)
    private Location location = Location.NOWHERE;

    @Option(
            names = "--image-cache",
            paramLabel = "SIZE",
            defaultValue = "10g",
            converter = MemoryConverter.class,
            description =
                    "The most that images of workloads take which have gone elsewhere, kept so that less travels when they"
                            + " come back; never more than a tenth of what is free (default: 10g).")
    private long imageCache;

    @Option(
            names = "--images",
            paramLabel = "[HOST:]PORT",
            converter = SocketAddressConverter.class,
            description =
                    "Where other nodes of the pool may fetch images from this one; without a host at all addresses, 0 for any"
                            + " free port (default: nowhere, so that they fetch them from the pool).")
    private @Nullable InetSocketAddress images;

    @Option(
            names = "--probes",
            paramLabel = "LIMITS",
            converter = ProbeLimitsConverter.class,
            description = {
                "From when on what it measures of itself keeps it from new workloads: 'none', or some of every, disk, room, memory, stall, clock and speed (default:"
                        + " every=10s,disk=5s,room=256m,memory=64m,stall=60,clock=5s,speed=4)."
            })
    private ProbeLimits probes = ProbeLimits.USUAL;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException, PoolException, InterruptedException {
        PoolDirectory home = new PoolDirectory(
                directory == null ? Path.of(System.getProperty("user.home"), ".ingot", "node") : directory);
        try {
            home.prepare();
            try (FileChannel file =
                            FileChannel.open(home.controlLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                if (lock == null) {
                    throw new CommandException("a node with the directory " + home.path() + " runs already");
                }
                run(new NodeOptions(
                        home, name(), capacity(), devices, location, providers, probes, Installation.agentJar()));
                return ExitCode.OK;
            }
        } catch (IOException failure) {
            throw new CommandException("cannot run the node: " + failure.getMessage(), failure);
        }
    }

    private void run(NodeOptions options) throws IOException, PoolException, InterruptedException {
        NodeDaemon node = NodeDaemon.remote(options, pool.client(SHORT), pool.client(LONG), imageCache << 20, images);
        AtomicInteger signals = new AtomicInteger();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.handle(signal, ignored -> {
                if (signals.incrementAndGet() > 1) {
                    Runtime.getRuntime().halt(KILLED);
                }
                say("its workloads go elsewhere; once more to end at once");
                node.leave();
            });
        }
        say("node " + options.name() + " with " + options.capacity());
        node.run();
    }

    private String name() throws IOException {
        String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        return ImageName.require(name == null ? host : name);
    }

    private Resources capacity() {
        return new Resources(
                MILLI * (cores == null ? Runtime.getRuntime().availableProcessors() : cores),
                memory == null ? Machine.memoryMiB() * 3 / 4 : memory,
                0);
    }

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ingot: " + message);
        err.flush();
    }
}
