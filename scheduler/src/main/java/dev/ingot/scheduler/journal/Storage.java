package dev.ingot.scheduler.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The files of one directory, as a journal uses them; tests put one that crashes in their place. */
interface Storage {
    /** The names of the files there are. */
    List<String> names() throws IOException;

    /** Opens a file to be read and written; creates it, for the owner alone, where it is not there. */
    Content open(String name) throws IOException;

    /** Gives a file another name, under which there must be none. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes all names survive a crash as they are now. */
    void forceNames() throws IOException;

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
