package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.journal.Follower;
import dev.ingot.scheduler.journal.Journal;
import dev.ingot.scheduler.journal.Recovery;
import dev.ingot.scheduler.journal.Snapshot;
import dev.ingot.scheduler.journal.Storage;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.PoolSnapshot;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolJson;
import dev.ingot.scheduler.wire.SnapshotJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool's commands in its journal, and from time to time the pool itself. Confined to the control plane's writer, but for the thread that
 * writes a snapshot.
 *
 * <p>Commands mean the same only to the decision core that carried them out, so each segment begins with a head that names its version. A
 * snapshot holds what was decided and is understood by later versions too.
 */
public final class PoolLog implements AutoCloseable {
    /** Of the decision core. */
    private static final int DECISIONS = 25;
    /** Of the snapshots' format. */
    private static final int FORMAT = 3;

    private final Journal journal;
    private final Pool pool;
    private final Policy policy;
    private final UsageHistory usage;
    private long lastMillis;
    private @Nullable Thread snapshotter;

    private PoolLog(Journal journal, Replay replay, Policy policy) {
        this.journal = journal;
        this.pool = replay.pool(policy);
        this.policy = policy;
        this.usage = replay.usage;
        this.lastMillis = replay.at;
    }

    /**
     * Brings a pool back, or begins one.
     *
     * @param policy of a new pool; one that exists keeps its own
     * @throws IOException if the journal cannot be used, or another version of Ingot wrote it
     */
    public static PoolLog open(Path directory, Policy policy) throws IOException {
        if (Files.isRegularFile(directory)) {
            throw otherVersion();
        }
        PoolDirectory.createOwned(directory);
        return open(Storage.directory(directory), policy);
    }

    /** The same, wherever the journal is. */
    static PoolLog open(Storage storage, Policy policy) throws IOException {
        Replay replay = new Replay();
        return begin(Journal.open(storage, replay), replay, policy);
    }

    /** Brings a pool up to date that another process runs. */
    static final class Following {
        private final Replay replay = new Replay();
        private final Follower follower;

        Following(Storage storage) {
            this.follower = new Follower(storage, replay);
        }

        /** False if another one has to begin anew. */
        boolean advance() throws IOException {
            return follower.advance();
        }

        /** Runs it from now on, with the same journal to be written; null if another one has to begin anew. */
        @Nullable PoolLog takeOver(Storage own, Policy policy) throws IOException {
            Journal journal = follower.takeOver(own);
            return journal == null ? null : begin(journal, replay, policy);
        }
    }

    private static PoolLog begin(Journal journal, Replay replay, Policy policy) throws IOException {
        try {
            Policy kept = replay.policy == null ? policy : replay.policy;
            PoolLog log = new PoolLog(journal, replay, kept);
            if (!journal.hasRecords() || replay.decisions != DECISIONS) {
                journal.append(log.head());
                journal.force();
            }
            return log;
        } catch (IOException failure) {
            journal.close();
            throw failure;
        }
    }

    private static IOException otherVersion() {
        return new IOException(
                "the pool was made by another version of Ingot, which decides"
                        + " differently; stop its workloads with that version, so that it leaves a snapshot, or begin a new pool");
    }

    private byte[] head() {
        JsonWriter head = JsonWriter.compact()
                .member("decisions", DECISIONS)
                .member("format", FORMAT)
                .member("at", lastMillis);
        PoolJson.policy(head, policy);
        return bytes(head.finish());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the journal led to, when it was opened; then what the caller makes of it. */
    public Pool pool() {
        return pool;
    }

    /** How that pool was used, as far as is known; then what the caller adds to it. */
    UsageHistory usage() {
        return usage;
    }

    /** The pool's own. */
    Policy policy() {
        return policy;
    }

    /** The time of the newest command. */
    long lastMillis() {
        return lastMillis;
    }

    /** Adds a command that was carried out, which is not durable before {@link #force}. */
    public void append(long at, Command command) {
        lastMillis = at;
        JsonWriter line = JsonWriter.compact().member("at", at);
        PoolJson.command(line, command);
        journal.append(bytes(line.finish()));
    }

    /** Makes all commands durable; begins a snapshot when it is due. */
    public void force() throws IOException {
        journal.force();
        if (journal.isSnapshotDue()) {
            Snapshot snapshot = journal.beginSnapshot();
            PoolSnapshot state = pool.snapshot();
            byte[] head = head();
            journal.append(head);
            Thread thread = new Thread(() -> write(snapshot, head, state, usage.coarsest()), "ingot-snapshot");
            thread.setDaemon(true);
            thread.start();
            snapshotter = thread;
        }
    }

    // Without a snapshot the journal is longer and nothing is lost; it is tried again when the segment has grown as
    // much once more.
    private static void write(Snapshot snapshot, byte[] head, PoolSnapshot state, List<Usage> usages) {
        try (snapshot) {
            snapshot.add(head);
            Iterator<String> texts = SnapshotJson.texts(state).iterator();
            while (texts.hasNext()) {
                snapshot.add(bytes(texts.next()));
            }
            for (Usage usage : usages) {
                JsonWriter json = JsonWriter.compact().object("usage");
                PoolJson.usage(json, usage);
                snapshot.add(bytes(json.end().finish()));
            }
            snapshot.commit();
        } catch (IOException | RuntimeException failure) {
            System.err.println("ingot: cannot write a snapshot of the pool, its journal stays as long as it is: "
                    + failure.getMessage());
        }
    }

    /** Leaves a snapshot and nothing behind it, which another version can read. */
    @Override
    public void close() throws IOException {
        try (journal) {
            if (snapshotter != null) {
                snapshotter.join();
            }
            journal.force();
            write(journal.beginSnapshot(), head(), pool.snapshot(), usage.coarsest());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes a pool of what a journal gives back. */
    private static final class Replay implements Recovery {
        private final SnapshotJson state = new SnapshotJson();
        private final UsageHistory usage = new UsageHistory();
        private @Nullable Policy policy;
        private @Nullable Pool pool;
        private long at;
        private long decisions = DECISIONS;

        @Override
        public void state(byte[] record) throws IOException {
            try {
                JsonObject json = parse(record);
                if (json.has("format")) {
                    readHead(json);
                } else if (json.has("usage")) {
                    Usage sample = PoolJson.usage(json.object("usage"));
                    usage.offerPast(sample.atMillis(), () -> sample);
                } else {
                    state.read(json);
                }
            } catch (JsonException malformed) {
                throw unreadable(malformed);
            }
        }

        @Override
        public void appended(byte[] record) throws IOException {
            try {
                JsonObject json = parse(record);
                if (json.has("decisions")) {
                    readHead(json);
                } else if (decisions == DECISIONS && policy != null) {
                    at = json.integer("at");
                    Pool replayed = pool(policy);
                    replayed.apply(at, PoolJson.command(json));
                    usage.offerPast(at, () -> replayed.usage(at));
                } else {
                    throw otherVersion();
                }
            } catch (JsonException | IllegalStateException malformed) {
                throw unreadable(malformed);
            }
        }

        private void readHead(JsonObject json) throws JsonException, IOException {
            if (!json.has("format") || json.integer("format") != FORMAT) {
                throw otherVersion();
            }
            decisions = json.integer("decisions");
            policy = PoolJson.policy(json);
            at = json.integer("at");
        }

        Pool pool(Policy chosen) {
            if (pool == null) {
                pool = Pool.restore(chosen, state.snapshot());
            }
            return pool;
        }

        private static JsonObject parse(byte[] record) throws JsonException {
            return JsonObject.parse(new String(record, StandardCharsets.UTF_8));
        }

        private static IOException unreadable(Exception cause) {
            return new IOException("cannot read the journal: " + cause.getMessage(), cause);
        }
    }
}
