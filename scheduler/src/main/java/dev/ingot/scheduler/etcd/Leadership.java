package dev.ingot.scheduler.etcd;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * That this process, and no other, runs a pool: a key of etcd that belongs to a lease. Thread-safe.
 *
 * <h2>Fencing</h2>
 *
 * What is written is written by a transaction that compares the revision which created the key, so who has been succeeded writes nothing any
 * more. What is only said, such as the answer to a node's beat, must not be said by such a one either: {@link #confirm} lets nobody pass
 * unless the lease was renewed, by a request sent less than its length ago. etcd counts from when it has received the request, so nobody else
 * can have the key by then.
 */
public final class Leadership implements AutoCloseable {
    /** The shortest lease that etcd gives, by its usual election timeout. */
    private static final Duration TTL = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final int RENEWALS = 4;

    private final EtcdClient etcd;
    private final String key;
    private final long lease;
    private final long revision;
    private final Thread renewer = new Thread(this::renewAlways, "ingot-leadership");
    private final AtomicLong names = new AtomicLong();
    private volatile long validUntil;
    private volatile boolean lost;
    private volatile boolean closed;

    private Leadership(EtcdClient etcd, String key, long lease, long revision, long validUntil) {
        this.etcd = etcd;
        this.key = key;
        this.lease = lease;
        this.revision = revision;
        this.validUntil = validUntil;
        renewer.setDaemon(true);
    }

    /**
     * Becomes the leader if there is none.
     *
     * @param prefix of all keys of the pool
     * @param name what is told of who leads
     * @return null if there is one
     */
    public static @Nullable Leadership tryAcquire(EtcdClient etcd, String prefix, String name) throws IOException {
        String key = prefix + "leader";
        if (etcd.get(key, SHORT) != null) {
            return null;
        }
        long sent = System.nanoTime();
        long lease = etcd.grant(TTL, SHORT);
        String value = name + " " + UUID.randomUUID();
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        // It may have been done though the answer says that the key is there: by a first attempt whose answer was lost.
        etcd.change(key, 0, List.of(EtcdClient.Change.put(key, bytes)), lease, SHORT);
        EtcdClient.Entry leader = etcd.get(key, SHORT);
        if (leader == null || !value.equals(new String(leader.value(), StandardCharsets.UTF_8))) {
            etcd.revoke(lease, SHORT);
            return null;
        }
        Leadership leadership = new Leadership(etcd, key, lease, leader.createRevision(), sent + TTL.toNanos());
        leadership.renewer.start();
        return leadership;
    }

    private void renewAlways() {
        while (!closed && !lost) {
            LockSupport.parkNanos(TTL.toNanos() / RENEWALS);
            try {
                renew(SHORT);
            } catch (IOException later) {
                // Until it can be renewed again, confirm lets nobody pass.
                LockSupport.parkNanos(TTL.toNanos() / RENEWALS);
            }
        }
    }

    private void renew(Duration patience) throws IOException {
        long sent = System.nanoTime();
        if (etcd.keepAlive(lease, patience) == 0) {
            lost = true;
        } else {
            extend(sent + TTL.toNanos());
        }
    }

    private synchronized void extend(long until) {
        // Two may renew at a time.
        if (until - validUntil > 0) {
            validUntil = until;
        }
    }

    /**
     * Returns once it is certain that there is no other leader.
     *
     * @throws IOException if there may be one, or etcd cannot be reached for a minute
     */
    void confirm() throws IOException {
        while (System.nanoTime() - validUntil >= 0) {
            // The request's way counts, so a slow answer is of no use.
            renew(PATIENCE);
            requireKept();
        }
        requireKept();
    }

    private void requireKept() throws IOException {
        if (lost) {
            throw succeeded();
        }
    }

    private static IOException succeeded() {
        return new IOException("this process does not run the pool any more: its lease at etcd has ended");
    }

    /** Does changes, all or none, if this is still the leader. */
    void commit(List<EtcdClient.Change> changes) throws IOException {
        if (!etcd.change(key, revision, changes, null, PATIENCE)) {
            lost = true;
            throw succeeded();
        }
    }

    /** What nobody else has called anything, nor this one before. */
    String uniqueName() {
        return revision + "-" + names.incrementAndGet();
    }

    /** Makes place for another one at once. */
    @Override
    public void close() throws IOException {
        closed = true;
        lost = true;
        LockSupport.unpark(renewer);
        try {
            renewer.join(TimeUnit.SECONDS.toMillis(SHORT.toSeconds()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        etcd.revoke(lease, SHORT);
    }
}
