package dev.ingot.core.jdk.state;

import java.util.List;
import java.util.function.Predicate;

/** All parts, in the order they are restored. */
public final class StateParts {

    private StateParts() {}

    public static List<StatePart> all() {
        return all(new Nothing());
    }

    /**
     * The same, leaving out some system properties when they are captured.
     *
     * @param secret accepts their names
     */
    public static List<StatePart> all(Predicate<String> secret) {
        return List.of(
                new ModuleGrants(),
                new SystemProperties(secret),
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

    /** Whether the shutdown hooks of this JVM run or have run. */
    public static boolean isShuttingDown() {
        return new ShutdownHooks().isShuttingDown();
    }

    /** Not a lambda: the first one costs a resume milliseconds. */
    private static final class Nothing implements Predicate<String> {
        @Override
        public boolean test(String name) {
            return false;
        }
    }
}
