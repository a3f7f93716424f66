package dev.ingot.api;

import dev.ingot.runtime.Control;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Passes on to hooks and listeners what the agent says. Called by one thread at a time. */
final class Notifier implements Control.Participant {
    private final RegistrationList<CheckpointHook> hooks;
    private final RegistrationList<CheckpointListener> listeners;
    private List<CheckpointHook> called = List.of();

    Notifier(RegistrationList<CheckpointHook> hooks, RegistrationList<CheckpointListener> listeners) {
        this.hooks = hooks;
        this.listeners = listeners;
    }

    static Notifier join(RegistrationList<CheckpointHook> hooks, RegistrationList<CheckpointListener> listeners) {
        var notifier = new Notifier(hooks, listeners);
        Control.join(notifier);
        return notifier;
    }

    @Override
    public List<Throwable> before() {
        called = hooks.values();
        var newestFirst = new ArrayList<>(called);
        Collections.reverse(newestFirst);
        var failures = new ArrayList<Throwable>();
        for (CheckpointHook hook : newestFirst) {
            try {
                hook.beforeCheckpoint();
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    /** Calls exactly the hooks that were called before, whatever was registered or closed meanwhile. */
    @Override
    public List<Throwable> after(int outcome) {
        List<CheckpointHook> told = called;
        called = List.of();
        var failures = new ArrayList<Throwable>();
        for (CheckpointHook hook : told) {
            try {
                callAfter(hook, outcome);
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    private static void callAfter(CheckpointHook hook, int outcome) throws Exception {
        if (outcome == Control.RESTORED) {
            hook.afterRestore();
        } else {
            hook.afterCheckpoint();
        }
    }

    @Override
    public List<Throwable> ended(Control.Report report) {
        CheckpointEvent event = CheckpointEvent.of(report);
        var failures = new ArrayList<Throwable>();
        for (CheckpointListener listener : listeners.values()) {
            try {
                listener.ended(event);
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    @Override
    public void reattach() {
        // The registry that holds this object came out of the image with it.
    }
}
