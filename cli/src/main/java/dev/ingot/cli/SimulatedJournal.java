package dev.ingot.cli;

import dev.ingot.scheduler.control.PoolLog;
import dev.ingot.scheduler.pool.Command;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.simulation.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The journal of a simulated pool, on a real disk. Used by one thread. */
final class SimulatedJournal implements Simulation.Memory, AutoCloseable {
    private final PoolLog log;
    private long appended;
    private long forced;
    private long forces;

    private SimulatedJournal(PoolLog log) {
        this.log = log;
    }

    /** Begins one in a directory where there is none. */
    static SimulatedJournal open(Path directory, Policy policy) throws IOException, CommandException {
        PoolLog log = PoolLog.open(directory, policy);
        if (!log.pool().nodes().isEmpty() || !log.pool().workloads().isEmpty()) {
            log.close();
            throw new CommandException("there is a pool's journal in " + directory + " already; name a new directory");
        }
        return new SimulatedJournal(log);
    }

    /** The pool to be simulated. */
    Pool pool() {
        return log.pool();
    }

    /** How many groups of commands were made durable. */
    long forces() {
        return forces;
    }

    @Override
    public void append(long at, Command command) {
        appended++;
        log.append(at, command);
    }

    @Override
    public void force() {
        if (appended > forced) {
            forced = appended;
            forces++;
            try {
                log.force();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
