package dev.ingot.store;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Keeps objects by key. A key is made of names between slashes. What a call has stored, every later call of anybody finds. Thread-safe.
 */
public interface ObjectStore extends AutoCloseable {
    /** An object as a list shows it. */
    record Entry(String key, long bytes, Instant modified) {}

    /** The names right below {@code prefix} that have objects below them; the prefix is empty or ends with a slash. */
    List<String> children(String prefix) throws IOException;

    /** All objects below {@code prefix}, which is empty or ends with a slash. */
    List<Entry> list(String prefix) throws IOException;

    /**
     * The content of an object.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is longer than {@code most} bytes, or cannot be read
     */
    byte[] read(String key, long most) throws IOException;

    /** Stores an object in place of what was there; nobody ever sees a part of it. */
    void put(String key, byte[] content) throws IOException;

    /**
     * Stores an object where there is none, in one step.
     *
     * @return false if there is one, which stays as it is
     */
    boolean create(String key, byte[] content) throws IOException;

    /** Removes an object, if it is there. */
    void delete(String key) throws IOException;

    @Override
    void close() throws IOException;
}
