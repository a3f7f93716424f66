package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.journal.Journal;
import dev.ingot.scheduler.pool.Answer;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The single writer around the decision core. Thread-safe: everything asked of it is done by its one thread, in groups; each
 * group's commands are durable before anybody is told of what came of them.
 *
 * <p>What the core decided is thrown away with the process and decided again from the journal. If the journal cannot be written, or
 * the core contradicts itself, the process ends at once, and nobody has been told anything.
 */
public final class ControlPlane implements AutoCloseable {
    /** Of the journal; another decision core would read the same commands differently. */
    private static final int DECISIONS = 1;

    private static final long PERIOD_MILLIS = 50;
    private static final int MOST_AT_ONCE = 1024;
    private static final int EXIT_BROKEN = 70;

    private final Journal journal;
    private final Pool pool;
    private final LeaseTable leases;
    private final LinkedBlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread writer = new Thread(this::work, "ingot-control");
    private volatile boolean closing;
    private long lastMillis;

    private ControlPlane(Journal journal, Pool pool, Duration lease, long lastMillis) {
        this.journal = journal;
        this.pool = pool;
        this.leases = new LeaseTable(lease.toNanos());
        this.lastMillis = lastMillis;
    }

    /**
     * Brings the pool back from its journal, or begins one.
     *
     * @param policy of a new pool; one that exists keeps its own
     * @throws IOException if the journal cannot be used, or another version of Ingot wrote it
     */
    public static ControlPlane open(Path file, Policy policy, Duration lease) throws IOException {
        Journal journal = Journal.open(file);
        try {
            ControlPlane plane = recover(journal, file, policy, lease);
            plane.writer.start();
            return plane;
        } catch (JsonException | IllegalStateException unreadable) {
            journal.close();
            throw new IOException("cannot read the journal " + file + ": " + unreadable.getMessage(), unreadable);
        } catch (IOException failure) {
            journal.close();
            throw failure;
        }
    }

    private static ControlPlane recover(Journal journal, Path file, Policy policy, Duration lease)
            throws JsonException, IOException {
        List<byte[]> records = journal.takeRecords();
        if (records.isEmpty()) {
            JsonWriter head = JsonWriter.compact().member("decisions", DECISIONS);
            PoolJson.policy(head, policy);
            journal.append(head.finish().getBytes(StandardCharsets.UTF_8));
            journal.force();
            return new ControlPlane(journal, new Pool(policy), lease, 0);
        }
        JsonObject head = parse(records.get(0));
        if (head.integer("decisions") != DECISIONS) {
            throw new IOException("the pool of " + file + " was made by another version of Ingot, which decides"
                    + " differently; stop its workloads with that version and begin a new pool with this one");
        }
        Pool pool = new Pool(PoolJson.policy(head));
        long at = 0;
        for (byte[] record : records.subList(1, records.size())) {
            JsonObject line = parse(record);
            at = line.integer("at");
            pool.apply(at, PoolJson.command(line));
        }
        ControlPlane plane = new ControlPlane(journal, pool, lease, at);
        for (NodeView node : pool.nodes()) {
            if (node.alive()) {
                plane.leases.renew(node.name(), System.nanoTime());
            }
        }
        return plane;
    }

    private static JsonObject parse(byte[] record) throws JsonException {
        return JsonObject.parse(new String(record, StandardCharsets.UTF_8));
    }

    /** Carries out a command; the answer comes when it is durable. */
    public CompletableFuture<Answer> submit(Command command) {
        return enqueue(() -> apply(command), answer -> answer);
    }

    /** Looks at the pool; {@code view} is called by the writer, with the present time, and must not keep the pool. */
    public <T> CompletableFuture<T> look(BiFunction<Pool, Long, T> view) {
        return enqueue(() -> "", nothing -> view.apply(pool, lastMillis));
    }

    /** A node says that it lives, and how its workloads are. */
    CompletableFuture<Beat> beat(Command.Join join, Command.Observe observe) {
        return enqueue(
                () -> hear(join, observe),
                verdict -> new Beat(verdict, verdict == Beat.Verdict.WELCOME ? pool.orders(join.node()) : List.of()));
    }

    private <S, T> CompletableFuture<T> enqueue(Supplier<S> work, Function<S, T> reply) {
        Task<S> task = new Task<>(work);
        CompletableFuture<T> result = new CompletableFuture<>();
        task.whenDurable = () -> result.complete(reply.apply(task.result()));
        tasks.add(task);
        return result;
    }

    private Beat.Verdict hear(Command.Join join, Command.Observe observe) {
        String name = join.node();
        NodeView known = pool.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElse(null);
        boolean same = known != null && known.incarnation().equals(join.incarnation());
        if (known != null && same != known.alive()) {
            return same ? Beat.Verdict.FENCED : Beat.Verdict.WAIT;
        }
        if (!same) {
            apply(join);
        }
        leases.renew(name, System.nanoTime());
        if (pool.isNews(observe)) {
            apply(observe);
        }
        if (pool.isClosed() && observe.reports().isEmpty() && pool.orders(name).isEmpty()) {
            // It holds nothing and will never be told to, so nobody has to wait for its lease.
            apply(new Command.Lose(name, join.incarnation()));
            leases.end(name);
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
                journal.force();
                group.forEach(Task::reply);
            }
        } catch (IOException | RuntimeException | InterruptedException broken) {
            System.err.println("ingot: the control process cannot go on and ends; nothing it has acknowledged is lost");
            broken.printStackTrace();
            Runtime.getRuntime().halt(EXIT_BROKEN);
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
            for (NodeView node : pool.nodes()) {
                if (node.name().equals(name)) {
                    apply(new Command.Lose(name, node.incarnation()));
                }
            }
            leases.end(name);
        }
        if (pool.nextTick(lastTick) <= lastMillis) {
            apply(new Command.Tick());
        }
        lastTick = lastMillis;
    }

    private long lastTick;

    private Answer apply(Command command) {
        Answer answer = pool.apply(lastMillis, command);
        JsonWriter line = JsonWriter.compact().member("at", lastMillis);
        PoolJson.command(line, command);
        journal.append(line.finish().getBytes(StandardCharsets.UTF_8));
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
        journal.close();
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
