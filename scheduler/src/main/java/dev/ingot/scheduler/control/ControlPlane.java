package dev.ingot.scheduler.control;

import dev.ingot.scheduler.journal.Storage;
import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolSnapshot;
import dev.ingot.scheduler.pool.Probe;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.wire.SelfReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer around the decision core. Thread-safe: everything asked of it is done by its one thread, in groups; each
 * group's commands are durable before anybody is told of what came of them.
 *
 * <p>What the core decided since its newest snapshot is thrown away with the process and decided again from the journal. If the
 * journal cannot be written, or the core contradicts itself, the process ends at once, and nobody has been told anything.
 */
public final class ControlPlane implements AutoCloseable {
    private static final long PERIOD_MILLIS = 50;
    private static final int MOST_AT_ONCE = 1024;
    private static final int EXIT_BROKEN = 70;

    private final PoolLog log;
    private final Duration lease;
    private final UsageHistory usage;
    private final Pool pool;
    private final LeaseTable leases;
    private final SpeedTable speeds = new SpeedTable();
    private final OrderWatch orders = new OrderWatch();
    private final LinkedBlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::work, "ingot-control");
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Consumer<String> deletion;
    private volatile boolean closing;
    private long toldEvents;
    private long lastMillis;

    private ControlPlane(PoolLog log, Duration lease) {
        this.log = log;
        this.lease = lease;
        this.usage = log.usage();
        this.pool = log.pool();
        this.leases = new LeaseTable(lease.toNanos());
        this.lastMillis = log.lastMillis();
        this.toldEvents = pool.lastEvent();
    }

    /**
     * Brings the pool back from its journal, or begins one.
     *
     * @param directory of the journal; created where it is not there
     * @param policy of a new pool; one that exists keeps its own
     * @throws IOException if the journal cannot be used, or another version of Ingot wrote it
     */
    public static ControlPlane open(Path directory, Policy policy, Duration lease) throws IOException {
        return begin(PoolLog.open(directory, policy), lease);
    }

    /** The same, wherever the journal is. */
    public static ControlPlane open(Storage journal, Policy policy, Duration lease) throws IOException {
        return begin(PoolLog.open(journal, policy), lease);
    }

    static ControlPlane begin(PoolLog log, Duration lease) {
        ControlPlane plane = new ControlPlane(log, lease);
        for (NodeView node : plane.pool.nodes()) {
            if (node.alive()) {
                plane.leases.renew(node.name(), System.nanoTime());
            }
        }
        plane.writer.start();
        return plane;
    }

    /**
     * What would follow from a command, found out on a copy of the pool. Not to be called by the writer.
     *
     * @param known whether a tenant's workloads may be named
     */
    Forecast forecast(Command command, Predicate<String> known) {
        PoolSnapshot state = look((original, now) -> original.snapshot()).join();
        Pool copy = Pool.restore(log.policy(), state);
        Command wanted = command;
        if (command instanceof Command.Lose lose) {
            wanted = state.nodes().stream()
                    .filter(node -> node.name().equals(lose.node()))
                    .findFirst()
                    .map(node -> new Command.Lose(node.name(), node.incarnation()))
                    .orElse(lose);
        }
        return Forecast.of(copy, System.currentTimeMillis(), wanted, known);
    }

    /** How the pool was used since then, oldest first. */
    List<Usage> usageSince(long sinceMillis) {
        return usage.since(sinceMillis);
    }

    /**
     * Has {@code deletion} called by the writer, quickly to return, with each workload that the pool has forgotten, and that is durable; also
     * with those forgotten since the newest snapshot before this process started, of which nobody may have been told.
     */
    public void onForgotten(Consumer<String> deletion) {
        this.deletion = deletion;
    }

    /** Has {@code listener} called by the writer, quickly to return, whenever there are new events. */
    void onEvents(Runnable listener) {
        listeners.add(listener);
    }

    /** Carries out a command; the answer comes when it is durable. */
    public CompletableFuture<Answer> submit(Command command) {
        return enqueue(() -> apply(command), answer -> answer);
    }

    /** Looks at the pool; {@code view} is called by the writer, with the present time, and must not keep the pool. */
    public <T> CompletableFuture<T> look(BiFunction<Pool, Long, T> view) {
        return enqueue(() -> "", nothing -> view.apply(pool, lastMillis));
    }

    /** How long what a beat grants holds. */
    Duration lease() {
        return lease;
    }

    /** {@link SpeedTable#typical}, of the nodes that are heard. */
    long typicalWorkNanos() {
        return speeds.typical();
    }

    /** {@link OrderWatch#next} of a node. */
    CompletableFuture<Long> nextOrders(String node, long known) {
        return orders.next(node, known);
    }

    /**
     * A node says that it lives, and how its workloads are.
     *
     * @param self what it says of itself
     * @param goesOnAsTold whether it lets no program go on that its orders do not name, so that it may come back when it was lost
     */
    CompletableFuture<Beat> beat(Command.Join join, Command.Observe observe, SelfReport self, boolean goesOnAsTold) {
        return enqueue(
                () -> hear(join, observe, self, goesOnAsTold),
                verdict -> new Beat(verdict, verdict == Beat.Verdict.WELCOME ? pool.orders(join.node()) : List.of()));
    }

    private <S, T> CompletableFuture<T> enqueue(Supplier<S> work, Function<S, T> reply) {
        Task<S> task = new Task<>(work);
        CompletableFuture<T> result = new CompletableFuture<>();
        task.whenDurable = () -> {
            try {
                result.complete(reply.apply(task.result()));
            } catch (Refusal refusal) {
                result.completeExceptionally(refusal);
            }
        };
        tasks.add(task);
        return result;
    }

    private Beat.Verdict hear(Command.Join join, Command.Observe observe, SelfReport self, boolean goesOnAsTold) {
        String name = join.node();
        NodeView known = pool.node(name);
        boolean same = known != null && known.incarnation().equals(join.incarnation());
        if (known != null && known.alive() && !same) {
            return Beat.Verdict.WAIT;
        }
        if (known != null && !known.alive() && same) {
            if (!goesOnAsTold || pool.isClosed()) {
                return Beat.Verdict.FENCED;
            }
            apply(new Command.Return(name, join.incarnation()));
        }
        if (!same && pool.isClosed()) {
            return Beat.Verdict.WAIT;
        }
        if (!same) {
            apply(join);
        }
        leases.renew(name, System.nanoTime());
        if (self.workNanos() > 0) {
            speeds.told(name, self.workNanos());
        }
        Map<Probe, String> findings = self.findings();
        // What they say of it differs from beat to beat.
        if (!pool.findings(name).keySet().equals(findings.keySet())) {
            apply(new Command.Diagnose(name, join.incarnation(), findings));
        }
        if (pool.isNews(observe)) {
            apply(observe);
        }
        if ((pool.isClosed() || pool.isLeaving(name))
                && observe.reports().isEmpty()
                && pool.orders(name).isEmpty()) {
            // It holds nothing and will never be told to, so nobody has to wait for its lease.
            apply(new Command.Lose(name, join.incarnation()));
            forget(name);
            return Beat.Verdict.STOP;
        }
        return Beat.Verdict.WELCOME;
    }

    /* ---- The writer ---- */

    private void work() {
        try {
            while (!closing || !tasks.isEmpty()) {
                List<Task<?>> group = nextGroup();
                group.forEach(Task::run);
                heedTime();
                log.force();
                orders.changed(pool.takeChangedNodes());
                group.forEach(Task::reply);
                usage.offer(lastMillis, () -> pool.usage(lastMillis));
                tellOfEvents();
                deleteForgotten();
            }
        } catch (IOException | RuntimeException | InterruptedException broken) {
            System.err.println("ingot: the control process cannot go on and ends; nothing it has acknowledged is lost");
            broken.printStackTrace();
            Runtime.getRuntime().halt(EXIT_BROKEN);
        }
    }

    private void tellOfEvents() {
        if (pool.lastEvent() != toldEvents) {
            toldEvents = pool.lastEvent();
            listeners.forEach(Runnable::run);
        }
    }

    private void deleteForgotten() {
        Consumer<String> chosen = deletion;
        if (chosen != null) {
            pool.takeForgotten().forEach(chosen);
        }
    }

    private List<Task<?>> nextGroup() throws InterruptedException {
        List<Task<?>> group = new ArrayList<>();
        Task<?> first = tasks.poll(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        lastMillis = Math.max(lastMillis, System.currentTimeMillis());
        if (first != null) {
            group.add(first);
            tasks.drainTo(group, MOST_AT_ONCE);
        }
        return group;
    }

    private void heedTime() {
        for (String name : leases.expired(System.nanoTime())) {
            NodeView node = pool.node(name);
            if (node != null) {
                apply(new Command.Lose(name, node.incarnation()));
            }
            forget(name);
        }
        leases.late(System.nanoTime()).forEach(this::suspect);
        if (pool.nextTick(lastTick) <= lastMillis) {
            apply(new Command.Tick());
        }
        lastTick = lastMillis;
    }

    private void forget(String node) {
        leases.end(node);
        speeds.forget(node);
    }

    private void suspect(String name) {
        NodeView node = pool.node(name);
        if (node != null && node.alive()) {
            Map<Probe, String> findings = new EnumMap<>(Probe.class);
            findings.putAll(node.findings());
            findings.put(Probe.HEARTBEAT, "it has not been heard for " + lease.toMillis() / 2 + " ms");
            apply(new Command.Diagnose(name, node.incarnation(), findings));
        }
    }

    private long lastTick;

    private Answer apply(Command command) {
        Answer answer = pool.apply(lastMillis, command);
        log.append(lastMillis, command);
        return answer;
    }

    /** Stops the writer once all that was asked of it is done. */
    @Override
    public void close() throws IOException {
        closing = true;
        try {
            writer.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }

    /** Something asked of the writer. */
    private static final class Task<S> {
        private final Supplier<S> work;
        private @Nullable S result;
        private Runnable whenDurable = () -> {};

        Task(Supplier<S> work) {
            this.work = work;
        }

        void run() {
            result = work.get();
        }

        S result() {
            return java.util.Objects.requireNonNull(result, "result before the work");
        }

        void reply() {
            whenDurable.run();
        }
    }
}
