package dev.ingot.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ingot.runtime.Control;
import dev.ingot.runtime.Pin;
import dev.ingot.runtime.PinReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocol between program and agent, with a handler in the agent's place. */
class ControlTest {
    private final List<String> calls = new ArrayList<>();
    private final List<Participant> kept = new ArrayList<>();
    private boolean reentering;

    @BeforeEach
    void forgetOtherTests() {
        Control.resume(new @Nullable Object[] {new Object[0], null});
        Control.agentAfter(Control.CHECKPOINTED);
        install(suspend -> {
            calls.add("taken");
            return suspend == 1 ? Control.RESTORED : Control.CHECKPOINTED;
        });
    }

    @Test
    void tellsParticipantsNewestFirstBeforeAndOldestFirstAfter() {
        join("a");
        join("b");

        assertThat(Control.checkpoint(false)).isEqualTo(Control.CHECKPOINTED);
        assertThat(Control.checkpoint(true)).isEqualTo(Control.RESTORED);

        assertThat(calls)
                .containsExactly(
                        "before b",
                        "before a",
                        "taken",
                        "after a 0",
                        "after b 0",
                        "before b",
                        "before a",
                        "taken",
                        "after a 1",
                        "after b 1");
    }

    @Test
    void vetoReachesAllAndNothingIsTaken() {
        join("a");
        var vetoing = join("b");
        vetoing.failBefore = new IllegalStateException("not now");
        join("c");

        assertThatThrownBy(() -> Control.checkpoint(false))
                .isInstanceOf(Control.Refusal.class)
                .satisfies(refusal -> assertThat(refusal.getSuppressed()).containsExactly(vetoing.failBefore));

        assertThat(calls).containsExactly("before c", "before b", "before a", "after a 2", "after b 2", "after c 2");
        vetoing.failBefore = null;
        assertThat(Control.checkpoint(false)).isEqualTo(Control.CHECKPOINTED);
    }

    @Test
    void refusalOfTheHandlerIsToldAndPassedOnWithItsPins() {
        join("a");
        var pin = new Pin("main", PinReason.NATIVE_FRAME, "a.B.c(B.java:1)", null);
        install(suspend -> {
            throw new Control.Refusal("pinned", List.of(pin));
        });

        Control.Refusal refusal = catchThrowableOfType(Control.Refusal.class, () -> Control.checkpoint(false));

        assertThat(refusal.pins()).containsExactly(pin);
        assertThat(refusal).hasMessageStartingWith("pinned").hasMessageContaining(pin.toString());
        assertThat(calls).containsExactly("before a", "after a 2");
    }

    @Test
    void failureAfterACheckpointSaysThatItWasTaken() {
        var failing = join("a");
        failing.failAfter = new IllegalStateException("cannot reopen");

        Control.Refusal refusal = catchThrowableOfType(Control.Refusal.class, () -> Control.checkpoint(true));

        assertThat(refusal.outcome()).isEqualTo(Control.RESTORED);
        assertThat(refusal.getSuppressed()).containsExactly(failing.failAfter);
    }

    @Test
    void aRebuiltCallDoesNotRepeatBefore() {
        join("a");
        install(suspend -> {
            if (!reentering) {
                reentering = true;
                throw new Unwinding();
            }
            return Control.CHECKPOINTED;
        });

        assertThatThrownBy(() -> Control.checkpoint(false)).isInstanceOf(Unwinding.class);
        assertThat(Control.checkpoint(false)).isEqualTo(Control.CHECKPOINTED);

        assertThat(calls).containsExactly("before a", "after a 0");
    }

    @Test
    void aResumedLeaderEndsWhatItBegan() {
        join("a");
        install(suspend -> {
            if (!reentering) {
                reentering = true;
                throw new Unwinding();
            }
            return Control.RESTORED;
        });
        assertThatThrownBy(() -> Control.checkpoint(false)).isInstanceOf(Unwinding.class);

        Control.resume(Control.state());
        Control.agentAfter(Control.RESTORED);
        assertThat(calls).containsExactly("before a", "reattach a");
        assertThat(Control.checkpoint(false)).isEqualTo(Control.RESTORED);

        assertThat(calls).containsExactly("before a", "reattach a", "after a 1");
    }

    @Test
    void theAgentEndsWhatItBeganInAResumedJvm() {
        join("a");
        Control.agentBefore();

        Control.resume(Control.state());
        Control.agentAfter(Control.RESTORED);

        assertThat(calls).containsExactly("before a", "reattach a", "after a 1");
    }

    @Test
    void whoAsksMeanwhileJoinsWithoutTellingAgain() {
        join("a");
        Control.agentBefore();

        assertThat(Control.checkpoint(false)).isEqualTo(Control.CHECKPOINTED);
        Control.agentAfter(Control.CHECKPOINTED);

        assertThat(calls).containsExactly("before a", "taken", "after a 0");
    }

    @Test
    void aHookCannotAskForACheckpoint() {
        var asking = join("a");
        asking.duringBefore = () -> Control.checkpoint(false);

        assertThatThrownBy(() -> Control.checkpoint(false))
                .satisfies(refusal ->
                        assertThat(refusal.getSuppressed()[0]).hasMessageContaining("from a hook of a checkpoint"));
    }

    @Test
    void tellsNobodyWhenTurnedOff() {
        join("a");
        Control.notifies(false);
        try {
            Control.checkpoint(false);
        } finally {
            Control.notifies(true);
        }

        assertThat(calls).containsExactly("taken");
    }

    private void install(IntUnaryOperator handler) {
        Control.install(handler, () -> reentering);
    }

    private Participant join(String name) {
        var participant = new Participant(name, calls);
        kept.add(participant);
        Control.join(participant);
        return participant;
    }

    /** What a capture signal does to a call. */
    private static final class Unwinding extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Participant implements Control.Participant {
        private final String name;
        private final List<String> calls;
        private @Nullable RuntimeException failBefore;
        private @Nullable RuntimeException failAfter;
        private Runnable duringBefore = () -> {};

        Participant(String name, List<String> calls) {
            this.name = name;
            this.calls = calls;
        }

        @Override
        public List<Throwable> before() {
            calls.add("before " + name);
            duringBefore.run();
            return failBefore == null ? List.of() : List.of(failBefore);
        }

        @Override
        public List<Throwable> after(int outcome) {
            calls.add("after " + name + " " + outcome);
            return failAfter == null ? List.of() : List.of(failAfter);
        }

        @Override
        public List<Throwable> ended(Control.Report report) {
            calls.add("ended " + name);
            return List.of();
        }

        @Override
        public void reattach() {
            calls.add("reattach " + name);
        }
    }
}
