package dev.ingot.core.jdk.state;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.OtherAgents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The program's shutdown hooks. Those of the JDK, of Ingot and of other agents are registered by the new JVM itself. */
final class ShutdownHooks implements StatePart {
    private static final String HOLDER = "java.lang.ApplicationShutdownHooks";

    private final Slot hooks = Slot.of(HOLDER, "hooks");
    private final Slot task = taskField();

    @Override
    public String name() {
        return "shutdown-hooks";
    }

    /** Whether the hooks run or have run. */
    boolean isShuttingDown() {
        Class<?> holder = JdkClass.of(HOLDER);
        if (!JdkClass.isInitialized(holder)) {
            return false;
        }
        synchronized (holder) {
            return hooks.get(null) == null;
        }
    }

    @Override
    public @Nullable Object capture() throws NotCapturableException {
        Class<?> holder = JdkClass.of(HOLDER);
        if (!JdkClass.isInitialized(holder)) {
            return null;
        }
        synchronized (holder) {
            if (!(hooks.get(null) instanceof Map<?, ?> registered)) {
                throw shuttingDown();
            }
            List<Object> found = new ArrayList<>();
            for (Object hook : registered.keySet()) {
                if (isOfProgram((Thread) hook)) {
                    found.add(hook);
                }
            }
            return found.toArray();
        }
    }

    @Override
    public void restore(Object state) throws NotRestorableException {
        for (Object hook : (Object[]) state) {
            if (!isRegistered((Thread) hook)) {
                register((Thread) hook);
            }
        }
    }

    /** Whether this JVM has the hook already, as the one has in which the state was captured. */
    private boolean isRegistered(Thread hook) {
        synchronized (JdkClass.of(HOLDER)) {
            return hooks.get(null) instanceof Map<?, ?> registered && registered.containsKey(hook);
        }
    }

    private static void register(Thread hook) throws NotRestorableException {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw new NotRestorableException(
                    "cannot register a shutdown hook of the program: this JVM is ending already", e);
        }
    }

    static NotCapturableException shuttingDown() {
        return new NotCapturableException(
                "cannot capture a JVM that is shutting down: its hooks run already, and would run"
                        + " again after a resume; take the checkpoint earlier");
    }

    private boolean isOfProgram(Thread hook) {
        if (OtherAgents.own(hook)) {
            return false;
        }
        Object runs = hook.getClass() == Thread.class ? runs(hook) : hook;
        return runs == null || !(isOfJdkTools(runs.getClass()) || isOfIngot(runs.getClass()));
    }

    private @Nullable Object runs(Thread hook) {
        Slot holder = Slot.find(Thread.class, "holder");
        return task.get(holder == null ? hook : holder.get(hook));
    }

    /** Tasks of java.base, such as a {@code FutureTask}, are the program's; other modules register their own. */
    private static boolean isOfJdkTools(Class<?> type) {
        return JdkClass.isJdk(type) && type.getModule().isNamed() && type.getModule() != Object.class.getModule();
    }

    /** Ingot lives in a loader of its own, but for the runtime, which lives in the boot loader. */
    private static boolean isOfIngot(Class<?> type) {
        ClassLoader own = ShutdownHooks.class.getClassLoader();
        return type.getName().startsWith("dev.ingot.runtime.")
                || (type.getClassLoader() == own && own != ClassLoader.getSystemClassLoader());
    }

    private static Slot taskField() {
        Class<?> holder = JdkClass.find("java.lang.Thread$FieldHolder");
        return holder == null ? Slot.of(Thread.class, "target") : Slot.of(holder, "task");
    }
}
