package dev.ingot.scheduler.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds out who somebody is. Changes of the file of grants are seen within a second; while it cannot be read, what it said last
 * counts. Thread-safe.
 */
public final class Access {
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AccessFile file;
    private Map<String, Identity> byTokenHash = Map.of();
    private Map<String, Identity> byCertificate = Map.of();
    private FileTime readAt = FileTime.fromMillis(0);
    private long lookedAt;

    /**
     * Reads the grants.
     *
     * @throws IOException if that is not possible
     */
    public Access(AccessFile file) throws IOException {
        this.file = file;
        this.readAt = modified(file.path());
        read();
        this.lookedAt = System.nanoTime();
    }

    /** Whose token it is. */
    public synchronized Optional<Identity> byToken(String token) {
        refresh();
        return Optional.ofNullable(byTokenHash.get(Token.hash(token)));
    }

    /** Whose certificate it is; that it is genuine, and the client has its key, is for the caller to know. */
    public synchronized Optional<Identity> byCertificate(String subject) {
        refresh();
        return Optional.ofNullable(byCertificate.get(subject));
    }

    private void refresh() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY_NANOS) {
            return;
        }
        lookedAt = now;
        try {
            FileTime modified = modified(file.path());
            if (!modified.equals(readAt)) {
                readAt = modified;
                read();
            }
        } catch (IOException unreadable) {
            System.err.println("ingot: " + unreadable.getMessage() + "; what it said before still counts");
        }
    }

    private static FileTime modified(Path path) throws IOException {
        return Files.exists(path) ? Files.getLastModifiedTime(path) : FileTime.fromMillis(0);
    }

    private void read() throws IOException {
        Map<String, Identity> tokens = new HashMap<>();
        Map<String, Identity> certificates = new HashMap<>();
        for (Grant grant : file.read()) {
            if (grant.tokenHash() != null) {
                tokens.put(grant.tokenHash(), grant.identity());
            }
            if (grant.certificate() != null) {
                certificates.put(grant.certificate(), grant.identity());
            }
        }
        byTokenHash = tokens;
        byCertificate = certificates;
    }
}
