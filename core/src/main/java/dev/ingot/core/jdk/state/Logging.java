package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.logging.LoggerLinks;
import dev.ingot.core.jdk.logging.OwnLogManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of {@code java.util.logging}, if it was used: properties, levels and handlers of the root and the global
 * logger, and the program's named loggers, which register themselves as they are restored. Where the program brings a manager itself, that one.
 */
final class Logging implements StatePart {
    private static final int PROPERTIES = 0;
    private static final int HANDLERS_STATE = 1;
    private static final int ROOT = 2;
    private static final int GLOBAL = 3;
    private static final int LOGGERS = 4;
    private static final int OWN_MANAGER = 5;

    @Override
    public String name() {
        return "logging";
    }

    @Override
    public @Nullable Object capture() {
        if (!JdkClass.isInitialized("java.util.logging.LogManager")) {
            return null;
        }
        LogManager own = OwnLogManager.installed();
        if (own != null) {
            @Nullable Object[] state = new @Nullable Object[OWN_MANAGER + 1];
            state[GLOBAL] = LoggerLinks.of((Logger) Objects.requireNonNull(Fields.GLOBAL.get(null)));
            state[OWN_MANAGER] = own;
            return state;
        }
        LogManager manager = LogManager.getLogManager();
        @Nullable Object[] state = new @Nullable Object[LOGGERS + 1];
        state[PROPERTIES] = Fields.PROPERTIES.get(manager);
        state[HANDLERS_STATE] = Fields.HANDLERS_STATE.get(manager);
        state[ROOT] = configuration(Fields.ROOT.get(manager));
        state[GLOBAL] = configuration(Fields.GLOBAL.get(null));
        state[LOGGERS] = namedLoggers(manager);
        return state;
    }

    @Override
    public void restore(Object state) {
        Object[] parts = (Object[]) state;
        if (parts.length > OWN_MANAGER) {
            OwnLogManager.install((LogManager) parts[OWN_MANAGER]);
            LoggerLinks.put((Logger) Objects.requireNonNull(Fields.GLOBAL.get(null)), (Object[]) parts[GLOBAL]);
            return;
        }
        LogManager manager = LogManager.getLogManager();
        Fields.PROPERTIES.put(manager, parts[PROPERTIES]);
        Fields.HANDLERS_STATE.put(manager, parts[HANDLERS_STATE]);
        configure(Fields.ROOT.get(manager), parts[ROOT]);
        configure(Fields.GLOBAL.get(null), parts[GLOBAL]);
    }

    private static Object[] namedLoggers(LogManager manager) {
        List<Object> loggers = new ArrayList<>();
        for (String name : Collections.list(manager.getLoggerNames())) {
            Logger logger = manager.getLogger(name);
            if (logger != null
                    && !name.isEmpty()
                    && logger != Fields.GLOBAL.get(null)
                    && !Fields.IS_SYSTEM.getBoolean(logger)) {
                loggers.add(logger);
            }
        }
        return loggers.toArray();
    }

    private static @Nullable Object configuration(@Nullable Object logger) {
        return logger == null ? null : Fields.CONFIGURATION.get(logger);
    }

    private static void configure(@Nullable Object logger, @Nullable Object configuration) {
        if (logger != null && configuration != null) {
            Fields.CONFIGURATION.put(logger, configuration);
            Fields.UPDATE_LEVEL.call(logger);
        }
    }

    /** Apart, so that logging is not loaded for a program that does not use it. */
    private static final class Fields {
        static final Slot PROPERTIES = Slot.of(LogManager.class, "props");
        static final Slot HANDLERS_STATE = Slot.of(LogManager.class, "globalHandlersState");
        static final Slot ROOT = Slot.of(LogManager.class, "rootLogger");
        static final Slot GLOBAL = Slot.of(Logger.class, "global");
        static final Slot CONFIGURATION = Slot.of(Logger.class, "config");
        static final Slot IS_SYSTEM = Slot.of(Logger.class, "isSystemLogger");
        static final HiddenMethod UPDATE_LEVEL = HiddenMethod.of(Logger.class, "updateEffectiveLevel");
    }
}
