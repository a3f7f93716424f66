package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a journal, wherever they are. One process at a time may change them; others may read. Thread-safe, but for the contents of a
 * file.
 */
public interface Storage {
    /** Files in a directory, which must be there. */
    static Storage directory(Path directory) {
        return new FileStorage(directory);
    }

    /** The names of the files there are. */
    List<String> names() throws IOException;

    /** Opens a file to be read and written; creates it, for the owner alone, where it is not there. */
    Content open(String name) throws IOException;

    /**
     * Opens a file to be read only.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    Content openToRead(String name) throws IOException;

    /** Gives a file another name; one that has it already is replaced. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes all names survive a crash as they are now. */
    void forceNames() throws IOException;

    /**
     * Returns once it is certain that it is still this process which may change the files.
     *
     * @throws IOException if it is not
     */
    default void confirm() throws IOException {
        // A lock of the operating system is lost by the process's end alone.
    }

    /** A file's bytes. */
    interface Content extends AutoCloseable {
        long size() throws IOException;

        /** Reads up to as many bytes as {@code target} has left; fewer only at the end of the file. */
        void read(ByteBuffer target, long position) throws IOException;

        /** Writes all bytes that {@code source} has left. */
        void write(ByteBuffer source, long position) throws IOException;

        void truncate(long size) throws IOException;

        /** Makes all bytes survive a crash. */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
