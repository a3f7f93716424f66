package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.runtime.Control;
import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private final List<String> calls = new ArrayList<>();
    private final RegistrationList<CheckpointHook> hooks = new RegistrationList<>();
    private final RegistrationList<CheckpointListener> listeners = new RegistrationList<>();
    private final Notifier notifier = new Notifier(hooks, listeners);

    @Test
    void callsHooksNewestFirstBeforeAndOldestFirstAfter() {
        hooks.add(new Recording("a"));
        hooks.add(new Recording("b"));

        assertThat(notifier.before()).isEmpty();
        assertThat(notifier.after(Control.CHECKPOINTED)).isEmpty();
        assertThat(notifier.before()).isEmpty();
        assertThat(notifier.after(Control.RESTORED)).isEmpty();

        assertThat(calls)
                .containsExactly(
                        "before b",
                        "before a",
                        "checkpointed a",
                        "checkpointed b",
                        "before b",
                        "before a",
                        "restored a",
                        "restored b");
    }

    @Test
    void callsAfterExactlyWhomItCalledBefore() {
        var closedMeanwhile = hooks.add(new Recording("a"));
        notifier.before();
        closedMeanwhile.close();
        hooks.add(new Recording("late"));

        notifier.after(Control.CHECKPOINTED);
        notifier.after(Control.CHECKPOINTED);

        assertThat(calls).containsExactly("before a", "checkpointed a");
    }

    @Test
    void collectsFailuresAndGoesOn() {
        var failure = new Exception("no");
        hooks.add(new Recording("a"));
        hooks.add(new CheckpointHook() {
            @Override
            public void beforeCheckpoint() throws Exception {
                throw failure;
            }
        });

        assertThat(notifier.before()).containsExactly(failure);
        assertThat(notifier.after(Control.FAILED)).isEmpty();

        assertThat(calls).containsExactly("before a", "checkpointed a");
    }

    @Test
    void closingOneOfTwoRegistrationsOfAHookKeepsTheOther() {
        var hook = new Recording("a");
        var first = hooks.add(hook);
        hooks.add(hook);

        first.close();
        first.close();
        notifier.before();

        assertThat(calls).containsExactly("before a");
    }

    @Test
    void listenersHearHowItEnded() {
        var events = new ArrayList<CheckpointEvent>();
        var broken = new IllegalStateException("listener");
        listeners.add(event -> {
            throw broken;
        });
        listeners.add(events::add);
        var pin = new Pin("main", PinReason.NATIVE_FRAME, null, null);

        List<Throwable> failures =
                notifier.ended(new Control.Report(Control.FAILED, null, 5, 0, "pinned", List.of(pin)));
        notifier.ended(new Control.Report(Control.RESTORED, "/i/1", 7, 9, null, List.of()));

        assertThat(failures).containsExactly(broken);
        assertThat(events)
                .containsExactly(
                        new CheckpointEvent(
                                CheckpointEvent.Kind.FAILED,
                                null,
                                Duration.ofNanos(5),
                                0,
                                "pinned",
                                List.of(new PinnedThread("main", "NATIVE_FRAME", null, "let the native call return"))),
                        new CheckpointEvent(
                                CheckpointEvent.Kind.RESTORED,
                                Path.of("/i/1"),
                                Duration.ofNanos(7),
                                9,
                                null,
                                List.of()));
    }

    private final class Recording implements CheckpointHook {
        private final String name;

        Recording(String name) {
            this.name = name;
        }

        @Override
        public void beforeCheckpoint() {
            calls.add("before " + name);
        }

        @Override
        public void afterCheckpoint() {
            calls.add("checkpointed " + name);
        }

        @Override
        public void afterRestore() {
            calls.add("restored " + name);
        }
    }
}
