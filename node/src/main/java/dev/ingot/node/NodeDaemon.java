package dev.ingot.node;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.NodeDevices;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.Listening;
import dev.ingot.scheduler.wire.NodeEquipment;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.SelfReport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The process of one node. */
public final class NodeDaemon {
    private static final long MOST_PERIOD_MILLIS = 100;
    private static final int BEATS_PER_LEASE = 20;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final NodeOptions options;
    private final PoolClient client;
    private final Launcher launcher;
    private final Depot depot;
    private final ShippedFiles files;
    /** Whether somebody else than the pool has started it, and would have to do so again. */
    private final boolean staysForNextPool;

    /** What its accelerators are, for the pool; empty where that is not known. */
    private String equipment = "";

    private NodeDevices devices = NodeDevices.UNNAMED;

    private boolean poolWantsEquipment = true;

    private volatile boolean leaving;
    private final Map<String, Copy> copies = new LinkedHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private final ClockProbe clock;
    private final SpeedProbe speed;
    private final SelfProbes probes;
    private String incarnation = UUID.randomUUID().toString();
    private Duration lease = LIMIT;
    /** What keeps it from being answered, as it was said last; empty if nothing does. */
    private String trouble = "";

    private boolean left;
    /** Whether it was given up. It does not beat until it has killed everything, and then as another incarnation. */
    private boolean fenced;

    private NodeDaemon(NodeOptions options, PoolClient client, Depot depot, boolean staysForNextPool) {
        this.options = options;
        this.staysForNextPool = staysForNextPool;
        this.client = client;
        this.depot = depot;
        this.files = new ShippedFiles(FilesPlace.ROOT, identity(options), depot);
        this.launcher = new Launcher(options.pool(), options.agent(), () -> devices);
        ProbeLimits limits = options.probes();
        this.clock = new ClockProbe(ClockProbe.machine(), limits);
        this.speed = new SpeedProbe(SpeedWork::run, limits);
        DiskProbe disk = new DiskProbe(options.pool().node(options.name()), limits, System::nanoTime);
        MemoryProbe memory = new MemoryProbe(Path.of("/proc"), limits);
        this.probes = new SelfProbes(
                List.of(disk, memory, clock, speed),
                limits.period(),
                limits::patience,
                complaint -> System.err.println("ingot: node " + options.name() + ": " + complaint));
    }

    /** Tells nodes of one machine apart, also over restarts. */
    private static String identity(NodeOptions options) {
        return options.name() + "-"
                + Integer.toHexString(options.pool().path().toString().hashCode());
    }

    /**
     * A node that has no access to the pool's disk, but a directory of its own. What an earlier one left there is deleted, but for images,
     * which the pool may have it go on from again.
     *
     * @param imageCache the most bytes that images of workloads take which have gone elsewhere
     * @param client for short questions
     * @param transfers for what may take long
     * @param images where other nodes may have images from this one; null if nowhere
     */
    public static NodeDaemon remote(
            NodeOptions options,
            PoolClient client,
            PoolClient transfers,
            long imageCache,
            @Nullable InetSocketAddress images)
            throws IOException {
        PoolDirectory.createOwned(options.pool().node(options.name()));
        ImageShelf shelf = new ImageShelf(options.pool(), imageCache);
        ImageServer server = images == null
                ? null
                : new ImageServer(
                        options.pool(),
                        shelf,
                        images,
                        NodeCertificate.create(options.pool().path()));
        RemoteDepot depot = new RemoteDepot(transfers, options.pool(), options.name(), shelf, server);
        return new NodeDaemon(options, client, depot, true);
    }

    /** What the process of a node that shares the pool's disk has locked as long as it lives. */
    public static Path lockFile(NodeOptions node) {
        return node.pool().node(node.name()).resolve("lock");
    }

    /** Runs a node until its pool is stopped; {@link NodeOptions#arguments} says with what. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        NodeOptions options = NodeOptions.parse(List.of(arguments));
        options.pool().requireOwned();
        PoolDirectory.createOwned(options.pool().node(options.name()));
        try (FileChannel file =
                        FileChannel.open(lockFile(options), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                System.err.println("ingot: node " + options.name() + " runs already");
                return;
            }
            PoolClient client = new PoolClient(options.pool().socket(), LIMIT);
            new NodeDaemon(options, client, new SharedDepot(options.pool()), false).run();
        }
    }

    /** Has the workloads go elsewhere, and {@link #run} end when they have. */
    public void leave() {
        leaving = true;
        news.release();
    }

    /** Beats until the pool is stopped, or this node has left it. */
    public void run() throws InterruptedException {
        equipment = EquipmentProbe.describe(options.providers());
        devices = options.offered(found(equipment));
        Thread listener = new Thread(this::listen, "ingot news");
        listener.setDaemon(true);
        listener.start();
        try {
            files.releaseAll();
        } catch (IOException failure) {
            System.err.println("ingot: node " + options.name() + ": cannot delete files of workloads that it had: "
                    + failure.getMessage());
        }
        try (probes) {
            probes.start();
            beatUntilTheEnd();
        } finally {
            listener.interrupt();
            depot.close();
        }
    }

    private static NodeDevices found(String equipment) {
        try {
            return NodeEquipment.devices(equipment);
        } catch (IllegalArgumentException malformed) {
            System.err.println("ingot: the description of its accelerators is of no use: " + malformed.getMessage());
            return NodeDevices.UNNAMED;
        }
    }

    /** Has the next beat come at once when the pool has something for this node to do. */
    private void listen() {
        long known = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                long number = client.get("/v1/nodes/" + options.name() + "/news?after=" + known)
                        .integer("number");
                if (number != known) {
                    known = number;
                    news.release();
                }
            } catch (PoolException | JsonException unreachable) {
                // The beats say so, and bring what there is to do.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void beatUntilTheEnd() throws InterruptedException {
        while (beat()) {
            long period = Math.min(MOST_PERIOD_MILLIS, lease.toMillis() / BEATS_PER_LEASE);
            if (news.tryAcquire(period, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        }
    }

    /** @return whether there is a next one */
    private boolean beat() {
        if (fenced) {
            forget(List.copyOf(copies.keySet()));
            if (!copies.isEmpty()) {
                return true;
            }
            startOver();
            return !leaving;
        }
        long workNanos = speed.takeNews();
        try {
            // Before the beat is sent: what it grants counts from here.
            long sent = Uptime.now();
            List<Report> reports = copies.values().stream().map(Copy::report).toList();
            List<Listening> listening = copies.values().stream()
                    .map(Copy::listening)
                    .filter(each -> !each.ports().isEmpty())
                    .toList();
            Command.Join join = new Command.Join(
                    options.name(),
                    incarnation,
                    options.capacity().plus(new Resources(0, 0, devices.total() * Resources.WHOLE_DEVICE)),
                    devices.named(),
                    options.location(),
                    equipment.isEmpty() ? "" : ContentHash.of(equipment));
            String description = poolWantsEquipment && !equipment.isEmpty() ? equipment : null;
            SelfReport self = new SelfReport(probes.findings(), workNanos);
            long sentMillis = System.currentTimeMillis();
            JsonObject answer =
                    client.post("/v1/beat", PoolJson.beat(join, reports, listening, description, depot.offer(), self));
            compare(answer, sentMillis);
            workNanos = 0;
            poolWantsEquipment = answer.has("wantsEquipment") && answer.flag("wantsEquipment");
            say("", "the pool answers again");
            lease = Duration.ofMillis(answer.integer("leaseMillis", 1, Integer.MAX_VALUE));
            long deadline = sent + Uptime.hundredths(lease);
            return heed(answer, deadline);
        } catch (PoolException | JsonException | IOException failure) {
            // How a pool cannot be reached differs from beat to beat, and matters to nobody; why it refuses does.
            boolean unreachable = failure instanceof PoolException pool && pool.isUnreachable();
            say(
                    unreachable ? "unreachable" : String.valueOf(failure.getMessage()),
                    failure.getMessage() + "; workloads run on until the lease ends");
            speed.tellAgain(workNanos);
            return !(leaving && copies.isEmpty());
        }
    }

    /** Control processes of earlier versions say nothing of the two. */
    private void compare(JsonObject answer, long sentMillis) throws JsonException {
        if (answer.has("nowMillis")) {
            clock.answered(sentMillis, answer.integer("nowMillis"));
        }
        if (answer.has("typicalWorkNanos")) {
            speed.others(answer.integer("typicalWorkNanos"));
        }
    }

    private void startOver() {
        incarnation = UUID.randomUUID().toString();
        left = false;
        fenced = false;
    }

    private void askToLeave() throws PoolException {
        if (leaving && !left) {
            String body =
                    JsonWriter.compact().member("incarnation", incarnation).finish();
            client.post("/v1/nodes/" + options.name() + "/leave", body);
            left = true;
        }
    }

    private void say(String now, String message) {
        if (!trouble.equals(now)) {
            System.err.println("ingot: node " + options.name() + ": " + message);
            trouble = now;
        }
    }

    private boolean heed(JsonObject answer, long deadline) throws JsonException, PoolException {
        switch (answer.string("verdict")) {
            case "welcome" -> {
                obey(PoolJson.orders(answer), deadline);
                deleteGone(answer.has("gone") ? answer.strings("gone") : List.of());
                askToLeave();
            }
            case "fenced" -> {
                fenced = true;
                copies.values().forEach(Copy::drop);
            }
            case "stop" -> {
                startOver();
                return staysForNextPool && !leaving;
            }
            default -> {
                // It has to wait for the lease of who had its name, or for the pool to be started again.
                return !(leaving && copies.isEmpty());
            }
        }
        return true;
    }

    private void obey(List<Order> orders, long deadline) {
        Set<String> ordered = new HashSet<>();
        orders.forEach(order -> ordered.add(key(order.workload(), order.epoch())));
        List<String> surplus =
                copies.keySet().stream().filter(key -> !ordered.contains(key)).toList();
        // Never goes on, not for an instant: it may stand still since the lease ended, and have been gone on with
        // elsewhere.
        surplus.forEach(key -> copy(key).drop());
        orders.forEach(order -> obey(order, deadline));
        forget(surplus);
    }

    /** @param workloads of which there is no need to keep images here */
    private void deleteGone(List<String> workloads) {
        for (String workload : workloads) {
            boolean held =
                    copies.values().stream().anyMatch(copy -> copy.workload().equals(workload));
            if (!held) {
                try {
                    depot.gone(workload);
                } catch (IOException failure) {
                    sayUndeleted(workload, failure);
                }
            }
        }
    }

    private void sayUndeleted(String workload, IOException failure) {
        System.err.println("ingot: node " + options.name() + ": cannot delete what " + workload + " has left: "
                + failure.getMessage());
    }

    private Copy copy(String key) {
        return Objects.requireNonNull(copies.get(key));
    }

    /** Those of {@code keys} that have ended are nobody's any more. */
    private void forget(List<String> keys) {
        for (String key : keys) {
            Copy copy = copy(key);
            if (copy.hasEnded()) {
                copies.remove(key);
                boolean again = copies.values().stream()
                        .anyMatch(other -> other.workload().equals(copy.workload()));
                if (!again) {
                    forget(copy.workload());
                }
            }
        }
    }

    private void forget(String workload) {
        try {
            files.release(workload);
            depot.forget(workload);
        } catch (IOException failure) {
            sayUndeleted(workload, failure);
        }
    }

    private void obey(Order order, long deadline) {
        String key = key(order.workload(), order.epoch());
        Copy copy = copies.get(key);
        if (copy == null) {
            depot.claim(order.workload());
            copy = new Copy(
                    order,
                    options.pool().images(order.workload()),
                    options.pool().output(order.workload(), order.epoch()),
                    options.pool().agentLog(order.workload(), order.epoch()),
                    depot,
                    files,
                    news::release);
            copies.put(key, copy);
            if (order.goal() == Goal.KILL) {
                // It is not even begun then.
                copy.kill();
            }
            copy.start(launcher, deadline);
        } else {
            copy.extend(deadline);
        }
        copy.forgetImagesBefore(order.kept());
        copy.company(order.company());
        switch (order.goal()) {
            case PREPARE -> {
                // It began with that when it was first ordered.
            }
            case RUN -> copy.go(order);
            case COPY -> copy.copy(true);
            case CHECKPOINT -> copy.copy(false);
            case SUSPEND -> copy.suspend(order.attempt());
            case KILL -> copy.kill();
        }
    }

    private static String key(String workload, long epoch) {
        return workload + "@" + epoch;
    }
}
