package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file system as a writer uses it; tests put one that fails in its place. */
interface Disk {
    /** Creates a directory and its parents; those created are the owner's only. */
    void createDirectories(Path directory) throws IOException;

    /** Creates a file that must not exist, readable by the owner only, and locks it for as long as it is open. */
    Output create(Path file) throws IOException;

    /**
     * Opens a file to be read and to grow, one that is there already or a new one that only its owner may read, and locks it for as
     * long as it is open.
     *
     * @return null if another process has it locked
     */
    @Nullable Growing grow(Path file) throws IOException;

    /** Makes the entries of a directory survive a crash. */
    void force(Path directory) throws IOException;

    /** Renames within one file system, over a file that is there. */
    void move(Path from, Path to) throws IOException;

    /** Gives a file a second name, within one file system. */
    void link(Path existing, Path name) throws IOException;

    /** Deletes a directory with all that is in it, or a file, if it is there. */
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

    /** A file that grows at its end. */
    interface Growing extends Output {
        long size() throws IOException;

        /** Reads as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)} does. */
        int read(ByteBuffer bytes, long offset) throws IOException;

        /** Cuts off what lies behind. */
        void truncate(long size) throws IOException;
    }
}
