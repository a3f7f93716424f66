package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.lang.ref.Cleaner.Cleanable;
import jdk.internal.ref.Cleaner;

/** What the owner of native memory has left to do when it becomes unreachable. */
final class Cleaners {
    private static final Slot DUTY = Slot.of(Cleaner.class, "thunk");
    private static final Slot NEXT = Slot.of(Cleaner.class, "next");
    private static final JdkCall REMOVE = JdkCall.of(Cleaner.class, "remove", Cleaner.class);
    private static final Slot ACTION =
            Slot.of(JdkClass.of("jdk.internal.ref.CleanerImpl$PhantomCleanableRef"), "action");

    private Cleaners() {}

    static Runnable duty(Cleaner cleaner) {
        Object duty = DUTY.get(cleaner);
        if (duty == null) {
            throw new IllegalStateException("a cleaner has nothing to run");
        }
        return (Runnable) duty;
    }

    /** Whether it has run: the JDK then links it to itself. */
    static boolean isSpent(Cleaner cleaner) {
        return NEXT.get(cleaner) == cleaner;
    }

    /** Makes a registration with the common cleaner void: what it would have run is never run. */
    static void forget(Cleanable registration) {
        ACTION.put(registration, (Runnable) () -> {});
        registration.clean();
    }

    /** Takes it out of the JVM's list, so that it never runs. */
    static void forget(Cleaner cleaner) {
        try {
            REMOVE.call(null, cleaner);
        } catch (IOException e) {
            throw new IllegalStateException("Cleaner.remove does no input or output", e);
        }
    }
}
