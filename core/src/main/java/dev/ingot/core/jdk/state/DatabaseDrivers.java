package dev.ingot.core.jdk.state;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The drivers registered with {@code java.sql.DriverManager} and its settings. That it has looked for drivers on the class
 * path is part of them: it must not do so again and meet drivers whose initialisers have run.
 */
final class DatabaseDrivers implements StatePart {
    private static final String MANAGER = "java.sql.DriverManager";
    private static final String[] SETTINGS = {"loginTimeout", "logWriter", "logStream", "driversInitialized"};

    @Override
    public String name() {
        return "database-drivers";
    }

    @Override
    public @Nullable Object capture() {
        Class<?> manager = JdkClass.findInPlatformLoader(MANAGER);
        if (manager == null || !JdkClass.isInitialized(manager)) {
            return null;
        }
        @Nullable Object[] state = new @Nullable Object[SETTINGS.length + 1];
        for (int i = 0; i < SETTINGS.length; i++) {
            state[i] = Slot.of(MANAGER, SETTINGS[i]).get(null);
        }
        state[SETTINGS.length] = drivers();
        return state;
    }

    @Override
    public void restore(Object state) {
        Object[] parts = (Object[]) state;
        Class<?> manager = JdkClass.of(MANAGER);
        Unsafe.getUnsafe().ensureClassInitialized(manager);
        for (int i = 0; i < SETTINGS.length; i++) {
            Slot.of(MANAGER, SETTINGS[i]).put(null, parts[i]);
        }
        HiddenMethod newInfo = HiddenMethod.constructor(
                JdkClass.of("java.sql.DriverInfo"),
                JdkClass.of("java.sql.Driver"),
                JdkClass.of("java.sql.DriverAction"));
        Object[] drivers = (Object[]) parts[SETTINGS.length];
        List<Object> registered = new ArrayList<>();
        for (int i = 0; i + 1 < drivers.length; i += 2) {
            registered.add(newInfo.make(drivers[i], drivers[i + 1]));
        }
        addAll(Slot.of(MANAGER, "registeredDrivers").get(null), registered);
    }

    private static Object[] drivers() {
        Slot driver = Slot.of("java.sql.DriverInfo", "driver");
        Slot action = Slot.of("java.sql.DriverInfo", "da");
        List<@Nullable Object> pairs = new ArrayList<>();
        if (Slot.of(MANAGER, "registeredDrivers").get(null) instanceof List<?> infos) {
            for (Object info : infos) {
                pairs.add(driver.get(info));
                pairs.add(action.get(info));
            }
        }
        return pairs.toArray();
    }

    @SuppressWarnings("unchecked") // a list of the JDK's own records of drivers
    private static void addAll(@Nullable Object list, List<Object> infos) {
        if (list != null) {
            ((List<Object>) list).addAll(infos);
        }
    }
}
