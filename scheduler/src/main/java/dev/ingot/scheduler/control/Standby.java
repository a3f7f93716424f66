package dev.ingot.scheduler.control;

import dev.ingot.scheduler.journal.Storage;
import dev.ingot.scheduler.pool.Policy;
import java.io.IOException;
import java.time.Duration;

/**
 * Follows a pool that another process runs, so that it can be run here at once when that one has ended. Not thread-safe.
 */
public final class Standby {
    private final Storage journal;
    private PoolLog.Following following;

    /** @param journal is only read, until this process takes over */
    public Standby(Storage journal) {
        this.journal = journal;
        this.following = new PoolLog.Following(journal);
    }

    /** Hears what has happened since. */
    public void advance() throws IOException {
        if (!following.advance()) {
            following = new PoolLog.Following(journal);
        }
    }

    /**
     * Runs the pool. Nobody else may run it any more.
     *
     * @param own the journal, to be written
     * @param policy of a new pool; one that exists keeps its own
     * @throws IOException if the journal cannot be used, or another version of Ingot wrote it
     */
    public ControlPlane takeOver(Storage own, Policy policy, Duration lease) throws IOException {
        PoolLog log = following.takeOver(own, policy);
        return ControlPlane.begin(log == null ? PoolLog.open(own, policy) : log, lease);
    }
}
