package dev.ingot.cli;

import dev.ingot.scheduler.journal.Storage;
import java.io.IOException;

/** The right to run a pool, which one process has at a time. Not thread-safe. */
interface Mandate extends AutoCloseable {
    /** Takes it if nobody has it. Whether this process has it now. */
    boolean tryTake() throws IOException;

    /** The pool's journal, to be read. */
    Storage journal();

    /** The same, to be written by who has the mandate. */
    Storage ownJournal();

    /** Has who may do what be as it was where the pool ran last, if that was elsewhere. */
    void receiveGrants() throws IOException;

    /** Lets others know who may do what, by who has the mandate. */
    void publishGrants() throws IOException;

    /** Gives it back, so that another process can take it at once. */
    @Override
    void close() throws IOException;
}
