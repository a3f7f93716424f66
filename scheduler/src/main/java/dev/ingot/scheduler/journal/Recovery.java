package dev.ingot.scheduler.journal;

import java.io.IOException;

/** Who takes what a journal gives back: the records of its newest snapshot, then those appended since. */
public interface Recovery {
    /** A record of the snapshot. */
    void state(byte[] record) throws IOException;

    /** A record that was appended behind the snapshot. */
    void appended(byte[] record) throws IOException;

    /** Takes records one after the other. */
    interface RecordConsumer {
        void accept(byte[] record) throws IOException;
    }
}
