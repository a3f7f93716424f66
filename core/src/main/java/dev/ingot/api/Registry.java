package dev.ingot.api;

import org.jspecify.annotations.Nullable;

/** The hooks and listeners of one copy of this library. Part of the image like any object of the program. Thread-safe. */
final class Registry {
    private static final Registry GLOBAL = new Registry();

    private final RegistrationList<CheckpointHook> hooks = new RegistrationList<>();
    private final RegistrationList<CheckpointListener> listeners = new RegistrationList<>();

    /** Held here because the agent holds it weakly; of no type that is missing where the agent is. */
    private @Nullable Object participant;

    static Registry global() {
        return GLOBAL;
    }

    Registration add(CheckpointHook hook) {
        join();
        return hooks.add(hook);
    }

    Registration add(CheckpointListener listener) {
        join();
        return listeners.add(listener);
    }

    private synchronized void join() {
        if (participant == null && Agent.isPresent()) {
            participant = Notifier.join(hooks, listeners);
        }
    }
}
