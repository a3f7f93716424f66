package dev.ingot.node;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Report;
import dev.ingot.scheduler.wire.PoolClient;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The process of one node. */
public final class NodeDaemon {
    private static final long MOST_PERIOD_MILLIS = 100;
    private static final int BEATS_PER_LEASE = 20;

    private final NodeOptions options;
    private final PoolClient client;
    private final Launcher launcher;
    private final Map<String, Copy> copies = new LinkedHashMap<>();
    private final Semaphore news = new Semaphore(0);
    private String incarnation = UUID.randomUUID().toString();
    private boolean silent;

    private NodeDaemon(NodeOptions options) {
        this.options = options;
        this.client = new PoolClient(options.pool().socket(), options.lease());
        this.launcher = new Launcher(options.pool(), options.agent());
    }

    /** Runs a node until its pool is stopped; {@link NodeOptions#arguments} says with what. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        NodeOptions options = NodeOptions.parse(List.of(arguments));
        options.pool().requireOwned();
        dev.ingot.scheduler.wire.PoolDirectory.createOwned(options.pool().node(options.name()));
        try (FileChannel file = FileChannel.open(
                        options.pool().node(options.name()).resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                System.err.println("ingot: node " + options.name() + " runs already");
                return;
            }
            new NodeDaemon(options).run();
        }
    }

    private void run() throws InterruptedException {
        long period = Math.min(MOST_PERIOD_MILLIS, options.lease().toMillis() / BEATS_PER_LEASE);
        while (beat()) {
            if (news.tryAcquire(period, TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        }
    }

    /** @return whether there is a next one */
    private boolean beat() {
        try {
            // Before the beat is sent: what it grants counts from here.
            long sent = Uptime.now();
            List<Report> reports = copies.values().stream().map(Copy::report).toList();
            Command.Join join = new Command.Join(options.name(), incarnation, options.capacity());
            JsonObject answer = client.post("/v1/beat", PoolJson.beat(join, reports));
            say(false, "the pool answers again");
            long deadline = sent + Uptime.hundredths(options.lease());
            return heed(answer, deadline, reports);
        } catch (PoolException | JsonException | IOException failure) {
            say(true, failure.getMessage() + "; workloads run on until the lease ends");
            return true;
        }
    }

    private void say(boolean nowSilent, String message) {
        if (silent != nowSilent) {
            System.err.println("ingot: node " + options.name() + ": " + message);
            silent = nowSilent;
        }
    }

    private boolean heed(JsonObject answer, long deadline, List<Report> reports) throws JsonException {
        switch (answer.string("verdict")) {
            case "welcome" -> {
                copies.values().forEach(copy -> copy.extend(deadline));
                prune(reports);
                obey(PoolJson.orders(answer), deadline);
            }
            case "fenced" -> {
                copies.values().forEach(Copy::kill);
                copies.values().removeIf(Copy::hasEnded);
                if (copies.isEmpty()) {
                    incarnation = UUID.randomUUID().toString();
                }
            }
            case "stop" -> {
                return false;
            }
            default -> {
                // It has to wait for the lease of who had its name.
            }
        }
        return true;
    }

    private void prune(List<Report> acknowledged) {
        for (Report report : acknowledged) {
            ImageReference image = report.image();
            Copy copy = copies.get(key(report.workload(), report.epoch()));
            if (image != null && copy != null) {
                copy.forgetImagesBefore(image);
            }
        }
    }

    private void obey(List<Order> orders, long deadline) {
        Set<String> ordered = new HashSet<>();
        for (Order order : orders) {
            ordered.add(key(order.workload(), order.epoch()));
            obey(order, deadline);
        }
        List<String> forgotten = new ArrayList<>();
        copies.forEach((key, copy) -> {
            if (!ordered.contains(key)) {
                copy.kill();
                if (copy.hasEnded()) {
                    forgotten.add(key);
                }
            }
        });
        forgotten.forEach(copies::remove);
    }

    private void obey(Order order, long deadline) {
        String key = key(order.workload(), order.epoch());
        Copy copy = copies.get(key);
        if (copy == null) {
            copy = new Copy(
                    order,
                    options.pool().images(order.workload()),
                    options.pool().output(order.workload(), order.epoch()),
                    news::release);
            copies.put(key, copy);
            if (order.goal() != Goal.KILL) {
                copy.start(launcher, deadline);
            }
        }
        switch (order.goal()) {
            case RUN -> {
                // It was started when it was first ordered.
            }
            case SUSPEND -> copy.suspend(order.attempt());
            case KILL -> copy.kill();
        }
    }

    private static String key(String workload, long epoch) {
        return workload + "@" + epoch;
    }
}
