package dev.ingot.core.jdk.logging;

import dev.ingot.core.jdk.access.Slot;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What ties a logger to its manager and to others in the tree of loggers. */
public final class LoggerLinks {
    private static final int CONFIGURATION = 0;
    private static final int MANAGER = 1;
    private static final int PARENT = 2;
    private static final int CHILDREN = 3;
    private static final int OF_SYSTEM = 4;

    private LoggerLinks() {}

    /** As an array for the graph of an image. */
    public static @Nullable Object[] of(Logger logger) {
        @Nullable Object[] links = new @Nullable Object[OF_SYSTEM + 1];
        links[CONFIGURATION] = Fields.CONFIGURATION.get(logger);
        links[MANAGER] = Fields.MANAGER.get(logger);
        links[PARENT] = Fields.PARENT.get(logger);
        links[CHILDREN] = Fields.CHILDREN.get(logger);
        links[OF_SYSTEM] = Fields.OF_SYSTEM.get(logger);
        return links;
    }

    /** Gives a logger what {@link #of} told. */
    public static void put(Logger logger, @Nullable Object[] links) {
        Fields.CONFIGURATION.put(logger, links[CONFIGURATION]);
        Fields.MANAGER.put(logger, links[MANAGER]);
        Fields.PARENT.put(logger, links[PARENT]);
        Fields.CHILDREN.put(logger, links[CHILDREN]);
        Fields.OF_SYSTEM.put(logger, links[OF_SYSTEM]);
    }

    /** Apart, so that logging is not loaded for a program that does not use it. */
    private static final class Fields {
        static final Slot CONFIGURATION = Slot.of(Logger.class, "config");
        static final Slot MANAGER = Slot.of(Logger.class, "manager");
        static final Slot PARENT = Slot.of(Logger.class, "parent");
        static final Slot CHILDREN = Slot.of(Logger.class, "kids");
        static final Slot OF_SYSTEM = Slot.of(Logger.class, "isSystemLogger");
    }
}
