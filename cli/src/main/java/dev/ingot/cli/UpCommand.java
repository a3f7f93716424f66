package dev.ingot.cli;

import dev.ingot.node.NodeOptions;
import dev.ingot.scheduler.control.ApiServer;
import dev.ingot.scheduler.control.ControlPlane;
import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.pool.Command.Close;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
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
            "  ingot up --standby"
        },
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final long MILLI = 1000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PERIOD_MILLIS = 100;
    private static final long TAKEOVER_MILLIS = 50;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many nodes, named node1, node2 ... (default: ${DEFAULT-VALUE}).")
    private int nodes;

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
            // Closing the channel gives the lock back, as the end of the process does.
            try (FileChannel file =
                    FileChannel.open(directory.controlLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                FileLock lock = file.tryLock();
                boolean waited = lock == null && standby;
                if (waited) {
                    say("stands by for the pool at " + directory.path());
                    lock = awaitLock(file);
                    if (lock == null) {
                        return ExitCode.OK;
                    }
                }
                if (lock == null) {
                    throw new CommandException(
                            "the pool at " + directory.path() + " is up already; --standby waits to take over");
                }
                run(directory, Installation.agentJar(), waited);
                return ExitCode.OK;
            }
        } catch (IOException failure) {
            throw new CommandException("cannot run the pool: " + failure.getMessage(), failure);
        }
    }

    /** Null if this process was told to end before. */
    private @Nullable FileLock awaitLock(FileChannel file) throws IOException, InterruptedException {
        FileLock lock = null;
        while (lock == null && !signals.tryAcquire(TAKEOVER_MILLIS, TimeUnit.MILLISECONDS)) {
            lock = file.tryLock();
        }
        return lock;
    }

    /** @param waited whether another process ran the pool until now */
    private void run(PoolDirectory directory, Path agent, boolean waited) throws IOException, InterruptedException {
        try (ControlPlane plane = ControlPlane.open(directory.journal(), Policy.USUAL, lease)) {
            if (waited && plane.look((state, now) -> state.isClosed()).join()) {
                say("the pool was stopped; 'ingot up' goes on with it");
                return;
            }
            serve(directory, agent, plane);
        }
    }

    private void serve(PoolDirectory directory, Path agent, ControlPlane plane)
            throws IOException, InterruptedException {
        try (ApiServer server = ApiServer.start(directory, plane, listenAt())) {
            plane.onForgotten(id -> cleaner.execute(() -> delete(directory, id)));
            plane.submit(new Close(false)).join();
            for (int number = 1; number <= nodes; number++) {
                LocalNodes.start(new NodeOptions(directory, "node" + number, capacity(), agent));
            }
            say("the pool is up at " + directory.socket() + " with " + nodes + " nodes of " + capacity());
            URI uri = server.uri();
            if (uri != null) {
                Files.writeString(directory.address(), uri.toString());
                say("its dashboard and API are at " + uri + "; 'ingot dashboard' prints the way in");
            }
            signals.acquire();
            stop(plane);
            Files.deleteIfExists(directory.address());
        }
    }

    private void delete(PoolDirectory directory, String id) {
        try {
            directory.deleteWorkload(id);
        } catch (IOException failure) {
            say("cannot delete what " + id + ", which ended long ago, has left: " + failure.getMessage());
        }
    }

    private @Nullable Listen listenAt() {
        if (listen.equals("none")) {
            return null;
        }
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : listen.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            int port = Integer.parseInt(listen.substring(colon + 1));
            return new Listen(new InetSocketAddress(host, port), certificate, key, clientAuthorities);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("'" + listen + "' is no [HOST:]PORT", malformed);
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

    private void say(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ingot: " + message);
        err.flush();
    }
}
