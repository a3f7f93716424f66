package dev.ingot.core.jdk.logging;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.Collections;
import java.util.List;
import java.util.ResourceBundle;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Loggers: name, level, handlers and so on. The tree of loggers is the manager's; a restored logger takes its place in it,
 * unless this JVM has a logger of that name already, which then shares its configuration. Where the program has a {@linkplain OwnLogManager
 * manager of its own}, the tree is part of the image.
 */
final class LoggerCodec implements ObjectCodec<Logger> {
    private static final int NAME = 0;
    private static final int CONFIGURATION = 1;
    private static final int ANONYMOUS = 2;
    private static final int BUNDLE = 3;
    private static final int LINKS = 4;
    private static final int USERS_BUNDLE = 5;
    private static final int CALLER = 6;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, "java.util.logging.Logger");
    }

    @Override
    public Class<?> stateOf() {
        return Logger.class;
    }

    @Override
    public @Nullable Object[] capture(Logger logger) {
        @Nullable Object[] state = new @Nullable Object[CALLER + 1];
        state[NAME] = Fields.NAME.get(logger);
        state[CONFIGURATION] = Fields.CONFIGURATION.get(logger);
        state[ANONYMOUS] = Fields.ANONYMOUS.get(logger);
        Object bundle = Fields.BUNDLE.get(logger);
        state[BUNDLE] = bundle == null ? null : Fields.BUNDLE_NAME.get(bundle);
        state[USERS_BUNDLE] = bundle == null ? null : Fields.USERS_BUNDLE.get(bundle);
        state[CALLER] = Fields.CALLER.get(logger);
        state[LINKS] = OwnLogManager.installed() == null ? null : LoggerLinks.of(logger);
        return state;
    }

    @Override
    public void restore(Logger logger, @Nullable Object[] state) {
        Fields.NAME.put(logger, state[NAME]);
        Fields.ANONYMOUS.put(logger, state[ANONYMOUS]);
        Fields.BUNDLE.put(logger, bundle(state));
        Fields.CALLER.put(logger, state[CALLER]);
        if (state.length > LINKS && state[LINKS] instanceof Object[] links) {
            LoggerLinks.put(logger, links);
        } else {
            takePlace(logger, state);
        }
    }

    /** A bundle that is known by its name is looked up when something is logged, by way of the module that has named it. */
    private static @Nullable Object bundle(@Nullable Object[] state) {
        return state[BUNDLE] == null && state[USERS_BUNDLE] == null
                ? Fields.NO_BUNDLE.get(null)
                : Fields.NEW_BUNDLE.make(state[BUNDLE], state[USERS_BUNDLE]);
    }

    private static void takePlace(Logger logger, @Nullable Object[] state) {
        Object configuration = state[CONFIGURATION];
        LogManager manager = LogManager.getLogManager();
        Fields.CONFIGURATION.put(logger, configuration);
        Fields.MANAGER.put(logger, manager);
        if (Boolean.TRUE.equals(state[ANONYMOUS]) || state[NAME] == null) {
            Fields.SET_PARENT.call(logger, manager.getLogger(""));
        } else {
            register(manager, logger, configuration);
        }
    }

    /** Registration may read a level or handlers from the manager's properties; the program's own setting counts. */
    private static void register(LogManager manager, Logger logger, @Nullable Object configuration) {
        Object handlers = configuration == null ? null : Fields.HANDLERS.get(configuration);
        Object[] own = handlers instanceof List<?> list ? list.toArray() : new Object[0];
        Object level = configuration == null ? null : Fields.LEVEL.get(configuration);
        if (!manager.addLogger(logger)) {
            Logger known = manager.getLogger(logger.getName());
            if (known != null && configuration != null) {
                Fields.CONFIGURATION.put(known, configuration);
                Fields.SET_PARENT.call(logger, known.getParent());
            }
        }
        putBack(handlers, own);
        if (configuration != null && level != null) {
            Fields.LEVEL.put(configuration, level);
        }
        Fields.UPDATE_LEVEL.call(logger);
    }

    @SuppressWarnings("unchecked") // the field's declared type
    private static void putBack(@Nullable Object handlers, Object[] own) {
        if (handlers != null) {
            List<Object> list = (List<Object>) handlers;
            list.clear();
            Collections.addAll(list, own);
        }
    }

    /** Apart, so that logging is not loaded for a program that does not use it. */
    private static final class Fields {
        private static final Class<?> BUNDLE_CLASS = JdkClass.of("java.util.logging.Logger$LoggerBundle");

        static final Slot NAME = Slot.of(Logger.class, "name");
        static final Slot CONFIGURATION = Slot.of(Logger.class, "config");
        static final Slot ANONYMOUS = Slot.of(Logger.class, "anonymous");
        static final Slot MANAGER = Slot.of(Logger.class, "manager");
        static final Slot BUNDLE = Slot.of(Logger.class, "loggerBundle");
        static final Slot NO_BUNDLE = Slot.of(Logger.class, "NO_RESOURCE_BUNDLE");
        static final Slot HANDLERS = Slot.of("java.util.logging.Logger$ConfigurationData", "handlers");
        static final Slot LEVEL = Slot.of("java.util.logging.Logger$ConfigurationData", "levelObject");
        static final HiddenMethod SET_PARENT = HiddenMethod.of(Logger.class, "doSetParent", Logger.class);
        static final HiddenMethod UPDATE_LEVEL = HiddenMethod.of(Logger.class, "updateEffectiveLevel");
        static final Slot CALLER = Slot.of(Logger.class, "callerModuleRef");
        static final Slot BUNDLE_NAME = Slot.of(BUNDLE_CLASS, "resourceBundleName");
        static final Slot USERS_BUNDLE = Slot.of(BUNDLE_CLASS, "userBundle");
        static final HiddenMethod NEW_BUNDLE =
                HiddenMethod.constructor(BUNDLE_CLASS, String.class, ResourceBundle.class);
    }
}
