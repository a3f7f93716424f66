package dev.ingot.cli;

import dev.ingot.node.NodeOptions;
import dev.ingot.node.ProbeLimits;
import dev.ingot.scheduler.control.ApiProvider;
import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.ServedApi;
import dev.ingot.scheduler.control.ServiceRange;
import dev.ingot.scheduler.control.Standby;
import dev.ingot.scheduler.pool.Command.Close;
import dev.ingot.scheduler.pool.Location;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        description = {
            "Runs a pool on this machine: this process decides, and each node is a process of its own.",
            "",
            "If this process is killed, nodes and workloads go on; run it again within the lease and they do not notice. Ctrl-C"
                    + " or SIGTERM suspends all workloads, stops the nodes and ends; run it again and they go on.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot up",
            "  ingot up --nodes 4 --node-cores 2 --node-memory 4g",
            "  ingot up --standby",
            "  ingot up --nodes 0 --listen pool1:7180 --tls-certificate chain.pem --tls-key key.pem --standby \\",
            "      --etcd https://etcd1:2379,https://etcd2:2379,https://etcd3:2379 --etcd-ca ca.pem --etcd-keystore pool1.p12"
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final long MILLI = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PERIOD_MILLIS = 100;
    private static final long TAKEOVER_MILLIS = 50;
    private static final long GRANTS_SECONDS = 1;
    private static final String NOWHERE = "none";
    private static final String GRPC = "grpc";

    @Mixin
    private PoolOption pool = new PoolOption();

    @Mixin
    private EtcdOption etcd = new EtcdOption();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many nodes, named node1, node2 ... (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--least-served-first",
            description = {
                "In a new pool: within a tenant and tier, workloads that have had less go first and take room from those that have had"
                        + " more, by suspension. For tenants whose programs take minutes or days and nobody knows which."
            })
    private boolean leastServedFirst;

    @Option(
            names = "--node-cores",
            paramLabel = "N",
            description = "Processor cores of each node (default: this machine's, shared out, at least one).")
    private @Nullable Integer cores;

    @Option(
            names = "--node-memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "Memory of each node for workloads (default: three quarters of this machine's, shared out).")
    private @Nullable Long memory;

    @Option(
            names = "--node-devices",
            paramLabel = "N",
            converter = NodeDevicesConverter.class,
            description =
                    "Accelerators of each node for workloads, or how many of each kind, such as gpu:4,fpga:1 (default: those that the"
                            + " providers find, else none).")
    private @Nullable NodeDevices devices;

    @Option(
            names = "--node-device-providers",
            paramLabel = "CLASSPATH",
            defaultValue = "",
            description = {
                "The jars of the providers by which programs find their accelerators, and of Ingot's interface for them. Each node asks"
                        + " them once what there is, so that the pool knows which images can go on there."
            })
    private String providers = "";

    @Option(
            names = "--node-locations",
            paramLabel = "LOCATION",
            split = ",",
            converter = LocationConverter.class,
            description = "Where the nodes are to be taken to stand, by turns, such as eu/a/r1,eu/a/r2.")
    private List<Location> locations = List.of();

    @Option(
            names = "--node-probes",
            paramLabel = "LIMITS",
            converter = ProbeLimitsConverter.class,
            description = {
                "From when on what a node measures of itself keeps it from new workloads: 'none', or some of every, disk, room, memory, stall, clock and speed (default:"
                        + " every=10s,disk=5s,room=256m,memory=64m,stall=60,clock=5s,speed=4)."
            })
    private ProbeLimits probes = ProbeLimits.USUAL;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            defaultValue = "3s",
            converter = DurationConverter.class,
            description = "How long a node that cannot be heard keeps its workloads; all runs of a pool must agree"
                    + " (default: ${DEFAULT-VALUE}).")
    private Duration lease = Duration.ZERO;

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            defaultValue = "0",
            description =
                    "Where the API and the dashboard are served beside the pool's socket; without a host on this machine"
                            + " alone, 0 for any free port, 'none' for nowhere (default: ${DEFAULT-VALUE}).")
    private String listen = "0";

    @Option(
            names = "--grpc",
            paramLabel = "[HOST:]PORT",
            defaultValue = NOWHERE,
            description =
                    "Where the API is served by gRPC too, with the same certificates and for the same clients; as for --listen"
                            + " (default: ${DEFAULT-VALUE}).")
    private String grpc = NOWHERE;

    @Option(
            names = "--services",
            paramLabel = "[HOST:]FROM-TO",
            description =
                    "At which ports services of workloads may be reached, and from where: without a host from this machine alone,"
                            + " 0.0.0.0 for anywhere (default: ${DEFAULT-VALUE}).",
            defaultValue = "1024-65535")
    private String services = "";

    @Option(names = "--tls-certificate", paramLabel = "FILE", description = "The certificate chain to serve with, PEM.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "The key of that certificate, PEM.")
    private @Nullable Path key;

    @Option(
            names = "--tls-clients",
            paramLabel = "FILE",
            description = "Certificates, PEM, of whom to trust to certify clients, which then need no token.")
    private @Nullable Path clientAuthorities;

    @Option(
            names = "--standby",
            description = {
                "Waits, ready, as long as another process runs the pool, and takes over at once if that is killed. When the pool is"
                        + " stopped in good order, it ends."
            })
    private boolean standby;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Semaphore signals = new Semaphore(0);
    private final Executor cleaner = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "ingot-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public Integer call() throws CommandException, InterruptedException {
        PoolDirectory directory = pool.directory();
        for (String signal : List.of("TERM", "INT", "HUP")) {
            Signals.handle(signal, ignored -> signals.release());
        }
        try {
            directory.prepare();
            try (Mandate mandate = etcd.mandate(directory)) {
                run(directory, mandate);
            }
            return ExitCode.OK;
        } catch (IOException failure) {
            throw new CommandException("cannot run the pool: " + failure.getMessage(), failure);
        }
    }

    private void run(PoolDirectory directory, Mandate mandate)
            throws IOException, InterruptedException, CommandException {
        Path agent = Installation.agentJar();
        String place = etcd.describe(directory);
        if (mandate.tryTake()) {
            try (ControlPlane plane = ControlPlane.open(mandate.ownJournal(), policy(), lease)) {
                serve(directory, agent, plane, mandate);
            }
        } else if (standby) {
            say("stands by for the pool at " + place);
            try (ControlPlane plane = awaitTurn(mandate)) {
                if (plane == null) {
                    return;
                }
                if (plane.look((state, now) -> state.isClosed()).join()) {
                    say("the pool was stopped; 'ingot up' goes on with it");
                    return;
                }
                serve(directory, agent, plane, mandate);
            }
        } else {
            throw new CommandException("the pool at " + place + " is up already; --standby waits to take over");
        }
    }

    /** Follows the pool until it is this process's to run; null if it was told to end before. */
    private @Nullable ControlPlane awaitTurn(Mandate mandate) throws IOException, InterruptedException {
        Standby follower = new Standby(mandate.journal());
        while (!mandate.tryTake()) {
            follower.advance();
            if (signals.tryAcquire(TAKEOVER_MILLIS, TimeUnit.MILLISECONDS)) {
                return null;
            }
        }
        say("takes over");
        return follower.takeOver(mandate.ownJournal(), policy(), lease);
    }

    private void serve(PoolDirectory directory, Path agent, ControlPlane plane, Mandate mandate)
            throws IOException, InterruptedException, CommandException {
        mandate.receiveGrants();
        try (ApiServer server = ApiServer.start(directory, plane, listenAt(listen), ServiceRange.parse(services));
                ServedApi byGrpc = serveByGrpc(server)) {
            plane.onForgotten(id -> cleaner.execute(() -> delete(directory, id)));
            plane.submit(new Close(false)).join();
            LocalNodes local = new LocalNodes();
            for (int number = 1; number <= nodes; number++) {
                Location location =
                        locations.isEmpty() ? Location.NOWHERE : locations.get((number - 1) % locations.size());
                local.start(new NodeOptions(
                        directory, "node" + number, capacity(), devices, location, providers, probes, agent));
            }
            say("the pool is up at " + directory.socket() + " with " + nodes + " nodes of " + capacity());
            URI uri = server.uri();
            if (uri != null) {
                Files.writeString(directory.address(), uri.toString());
                say("its dashboard and API are at " + uri + "; 'ingot dashboard' prints the way in");
            }
            if (byGrpc != null) {
                Files.writeString(directory.grpcAddress(), byGrpc.uri().toString());
                say("its API by gRPC is at " + byGrpc.uri());
            }
            do {
                mandate.publishGrants();
                restartLost(local, plane);
            } while (!signals.tryAcquire(GRANTS_SECONDS, TimeUnit.SECONDS));
            stop(plane);
            Files.deleteIfExists(directory.address());
            Files.deleteIfExists(directory.grpcAddress());
        }
    }

    /** A pool that nobody watches would get smaller and smaller. */
    private void restartLost(LocalNodes local, ControlPlane plane) {
        List<String> lost = plane.look((state, now) -> state.nodes().stream()
                        .filter(node -> !node.alive())
                        .map(NodeView::name)
                        .toList())
                .join();
        try {
            local.restart(lost).forEach(name -> say("node " + name + " has ended; it is started again"));
        } catch (IOException failure) {
            say("a node cannot be started again: " + failure.getMessage());
        }
    }

    private void delete(PoolDirectory directory, String id) {
        try {
            directory.deleteWorkload(id);
        } catch (IOException failure) {
            say("cannot delete what " + id + ", which ended long ago, has left: " + failure.getMessage());
        }
    }

    /** Found only where it is asked for: nobody else is to wait for its libraries. */
    private @Nullable ServedApi serveByGrpc(ApiServer server) throws IOException, CommandException {
        Listen listenByGrpc = listenAt(grpc);
        if (listenByGrpc == null) {
            return null;
        }
        for (ApiProvider provider : ServiceLoader.load(ApiProvider.class)) {
            if (provider.protocol().equals(GRPC)) {
                return provider.serve(server.service(), listenByGrpc);
            }
        }
        throw new CommandException("there is no ingot-grpc.jar beside the command's own, which --grpc needs");
    }

    private @Nullable Listen listenAt(String place) {
        if (place.equals(NOWHERE)) {
            return null;
        }
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : place.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            int port = Integer.parseInt(place.substring(colon + 1));
            return new Listen(new InetSocketAddress(host, port), certificate, key, clientAuthorities);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + place + "' is no [HOST:]PORT", malformed);
        }
    }

    private Resources capacity() {
        int share = Math.max(1, nodes);
        long ownCores = Math.max(1, Runtime.getRuntime().availableProcessors() / share);
        long ownMemory = Machine.memoryMiB() * 3 / 4 / share;
        return new Resources(MILLI * (cores == null ? ownCores : cores), memory == null ? ownMemory : memory, 0);
    }

    /** Until all nodes hold nothing and have been told to end, or somebody asks once more, or it takes too long. */
    private void stop(ControlPlane plane) throws InterruptedException {
        say("suspending all workloads; once more to leave them running");
        plane.submit(new Close(true)).join();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (plane.look((state, now) -> state.nodes().stream().anyMatch(NodeView::alive))
                .join()) {
            if (signals.tryAcquire(PERIOD_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                say("some workloads could not be suspended; 'ingot up' goes on with them");
                return;
            }
        }
        say("all workloads are suspended; 'ingot up' goes on with them");
    }

    private Policy policy() {
        return Policy.USUAL.withLeastServedFirst(leastServedFirst);
    }

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ingot: " + message);
        err.flush();
    }
}
