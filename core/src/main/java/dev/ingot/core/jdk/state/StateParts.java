package dev.ingot.core.jdk.state;

import java.util.ArrayList;
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
                new RemoteObjects(),
                new EventQueues(),
                new StandardStreamFields(),
                new FilesToDelete(),
                new ShutdownHooks());
    }

    /** Those that can be captured while the program runs, for nothing: they wait for no lock that it may hold. */
    public static List<StatePart> withoutLocks() {
        List<StatePart> parts = new ArrayList<>(all());
        parts.removeIf(part -> part instanceof Logging
                || part instanceof SharedPools
                || part instanceof DatabaseDrivers
                || part instanceof Management
                || part instanceof RemoteObjects
                || part instanceof EventQueues
                || part instanceof FilesToDelete
                || part instanceof ShutdownHooks);
        return parts;
    }

    /** Starts the threads of the JDK that serve restored state; called once when the program's threads may run. */
    public static void startThreads() {
        RemoteObjects.startThreads();
        EventQueues.startThreads();
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
