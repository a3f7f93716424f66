package dev.ingot.core.jdk.logging;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;

/** Levels the program defines, which {@code Level.parse} must find. The JDK's own are external objects. */
final class LevelCodec implements ObjectCodec<Level> {
    private static final int NAME = 0;
    private static final int VALUE = 1;
    private static final int BUNDLE = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, "java.util.logging.Level");
    }

    @Override
    public Class<?> stateOf() {
        return Level.class;
    }

    @Override
    public @Nullable Object[] capture(Level level) {
        @Nullable Object[] state = new @Nullable Object[BUNDLE + 1];
        state[NAME] = Fields.NAME.get(level);
        state[VALUE] = Fields.VALUE.get(level);
        state[BUNDLE] = Fields.BUNDLE.get(level);
        return state;
    }

    @Override
    public void restore(Level level, @Nullable Object[] state) {
        Fields.NAME.put(level, state[NAME]);
        Fields.VALUE.put(level, state[VALUE]);
        Fields.BUNDLE.put(level, state[BUNDLE]);
        Fields.LOCALIZED_NAME.put(level, state[BUNDLE] == null ? state[NAME] : null);
        Fields.ADD.call(null, level);
    }

    /** Before the loggers. */
    @Override
    public int order() {
        return -10;
    }

    /** Apart, so that logging is not loaded for a program that does not use it. */
    private static final class Fields {
        static final Slot NAME = Slot.of(Level.class, "name");
        static final Slot VALUE = Slot.of(Level.class, "value");
        static final Slot BUNDLE = Slot.of(Level.class, "resourceBundleName");
        static final Slot LOCALIZED_NAME = Slot.of(Level.class, "localizedLevelName");
        static final HiddenMethod ADD =
                HiddenMethod.of(JdkClass.of("java.util.logging.Level$KnownLevel"), "add", Level.class);
    }
}
