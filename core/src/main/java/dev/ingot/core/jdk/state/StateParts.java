package dev.ingot.core.jdk.state;

import java.util.List;

/** All parts, in the order they are restored. */
public final class StateParts {

    private StateParts() {}

    public static List<StatePart> all() {
        return List.of(
                new SystemProperties(),
                new LocaleDefaults(),
                new StaticFields(),
                new Counters(),
                new SecuritySettings(),
                new SharedPools(),
                new Logging(),
                new DatabaseDrivers(),
                new Management(),
                new StandardStreamFields(),
                new FilesToDelete(),
                new ShutdownHooks());
    }
}
