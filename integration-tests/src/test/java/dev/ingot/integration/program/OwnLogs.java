package dev.ingot.integration.program;

import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs by a log manager of its own, as servers do, which says when it is made and when it is reset. */
public final class OwnLogs {
    private OwnLogs() {}

    /** Keeps all loggers, in a table of its own, and gives each a handler. */
    public static final class Manager extends LogManager {
        private final Map<String, Logger> known = new TreeMap<>();
        private int records;

        public Manager() {
            System.out.println("made");
        }

        @Override
        public synchronized boolean addLogger(Logger logger) {
            logger.setUseParentHandlers(false);
            logger.addHandler(new Counter(this));
            return known.putIfAbsent(logger.getName(), logger) == null;
        }

        @Override
        public synchronized @Nullable Logger getLogger(String name) {
            return known.get(name);
        }

        @Override
        public void reset() {
            System.out.println("reset after " + records + " records of " + known.keySet());
        }
    }

    private static final class Counter extends Handler {
        private final Manager manager;

        Counter(Manager manager) {
            this.manager = manager;
        }

        @Override
        public void publish(LogRecord logged) {
            manager.records++;
            System.out.println(logged.getLevel() + " " + logged.getLoggerName() + ": " + logged.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    public static void main(String[] arguments) {
        Logger rounds = Logger.getLogger("own.rounds");
        rounds.setLevel(Level.FINE);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
            rounds.fine("logged " + round);
            if (round % 7 == 0) {
                Logger.getLogger("own.late" + round).setParent(rounds);
                Logger.getLogger("own.late" + round).warning("late");
                Logger.getGlobal().info("to all");
            }
        }
        System.out.println(LogManager.getLogManager().getClass().getSimpleName() + " "
                + (Logger.getLogger("own.rounds") == rounds) + " " + rounds.getLevel());
    }
}
