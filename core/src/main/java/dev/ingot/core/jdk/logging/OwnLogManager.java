package dev.ingot.core.jdk.logging;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.ClassAccess;
import java.util.Properties;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/**
 * A log manager that a program brings itself by the property {@code java.util.logging.manager}. It may keep its loggers in ways of its own, so
 * they and all that hangs on it are carried as they are, where those of the JDK's manager register themselves again.
 */
public final class OwnLogManager {
    private static final String PROPERTY = "java.util.logging.manager";
    private static final String MANAGER = "java.util.logging.LogManager";

    private OwnLogManager() {}

    /** The manager at work; null if it is the JDK's, or if logging has not been used. */
    public static @Nullable LogManager installed() {
        if (!JdkClass.isInitialized(MANAGER)) {
            return null;
        }
        Object manager = Fields.MANAGER.get(null);
        return manager instanceof LogManager own && own.getClass() != LogManager.class ? own : null;
    }

    /** The class that a JVM with these options makes its log manager of; null if that is the JDK's. */
    public static @Nullable String className() {
        return System.getProperty(PROPERTY);
    }

    /**
     * Makes this JVM begin with a manager of the JDK that has no handlers: the program's was made long ago, and is about to be restored. To be
     * called before a class of the program is initialised.
     */
    public static void holdBack() {
        Properties properties = System.getProperties();
        Object named = properties.remove(PROPERTY);
        try {
            ClassAccess.initialize(JdkClass.of(MANAGER));
            Fields.HAS_READ_CONFIGURATION.put(Fields.MANAGER.get(null), true);
        } finally {
            if (named != null) {
                properties.put(PROPERTY, named);
            }
        }
    }

    /** Puts a restored manager in the place of the one this JVM has made, and has it close its handlers at the end. */
    public static void install(LogManager restored) {
        Fields.MANAGER.put(null, restored);
        Runtime.getRuntime().addShutdownHook((Thread) Fields.NEW_CLEANER.make(restored));
    }

    /** Apart, so that logging is not loaded for a program that does not use it. */
    private static final class Fields {
        static final Slot MANAGER = Slot.of(LogManager.class, "manager");
        static final Slot HAS_READ_CONFIGURATION = Slot.of(LogManager.class, "readPrimordialConfiguration");
        static final HiddenMethod NEW_CLEANER =
                HiddenMethod.constructor(JdkClass.of("java.util.logging.LogManager$Cleaner"), LogManager.class);
    }
}
