package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The file system as a writer uses it; tests put one that fails in its place. */
interface Disk {
    /** Creates a directory and its parents; those created are the owner's only. */
    void createDirectories(Path directory) throws IOException;

    /** Creates a file that must not exist, readable by the owner only, and locks it for as long as it is open. */
    Output create(Path file) throws IOException;

    /** Makes the entries of a directory survive a crash. */
    void force(Path directory) throws IOException;

    /** Renames within one file system; the target must not exist. */
    void move(Path from, Path to) throws IOException;

    void deleteTree(Path directory) throws IOException;

    long usableBytes(Path directory) throws IOException;

    /** A file being written. */
    interface Output extends AutoCloseable {
        void write(ByteBuffer bytes) throws IOException;

        /** Makes what was written survive a crash. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
