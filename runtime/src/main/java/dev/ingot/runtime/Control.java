package dev.ingot.runtime;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the program and the agent meet: requests for a checkpoint go one way, notifications the other.
 *
 * <h2>Who notifies</h2>
 *
 * The participants are told before threads are stopped and again when they run. Whoever asks first for a checkpoint
 * <em>leads</em> it: a program thread in {@link #checkpoint}, or the agent between {@link #agentBefore} and
 * {@link #agentAfter}. The leader tells the participants, on its own thread. Others who ask meanwhile join: every thread that
 * waits in the handler when the threads are stopped shares the outcome.
 *
 * <h2>Re-entry</h2>
 *
 * {@link #checkpoint} is a leaf: no frame of this class is part of an image. A thread that is captured while it waits in the
 * handler calls {@code checkpoint} again when its stack is rebuilt; the lead is kept in {@link #state}, not on the stack.
 *
 * <h2>Concurrency</h2>
 *
 * {@link #LOCK} guards the lists and the lead. It is never held while a participant or the handler runs.
 */
public final class Control {
    /** The image was taken and this JVM goes on. */
    public static final int CHECKPOINTED = 0;
    /** This JVM resumed the image. */
    public static final int RESTORED = 1;
    /** No image was taken and this JVM goes on. */
    public static final int FAILED = 2;

    private static final Object LOCK = new Object();
    private static final Object AGENT = new Object();

    private static volatile @Nullable IntUnaryOperator handler;
    private static volatile @Nullable BooleanSupplier reentry;
    private static volatile boolean notifies = true;
    private static List<WeakReference<Participant>> participants = new ArrayList<>();
    private static @Nullable Object leader;

    private Control() {}

    /** Is told about checkpoints. Methods return what went wrong in the program's hooks. */
    public interface Participant {
        /** A checkpoint is about to stop the program's threads. Any failure vetoes it. */
        List<Throwable> before();

        /** The program runs again. Called whatever {@link #before} returned; does nothing if that was never called. */
        List<Throwable> after(int outcome);

        /** A checkpoint, resume or attempt is over. */
        List<Throwable> ended(Report report);

        /** This participant came out of an image and is about to take part in this JVM. */
        void reattach();
    }

    /**
     * How a checkpoint or a resume ended.
     *
     * @param outcome {@link #CHECKPOINTED}, {@link #RESTORED} or {@link #FAILED}
     * @param image path of the image, or {@code null} if there is none
     * @param pauseNanos how long program threads stood still in this JVM
     * @param bytes size of the image, 0 if there is none
     * @param failure what went wrong, or {@code null}
     * @param pins the threads that could not be captured
     */
    public record Report(
            int outcome,
            @Nullable String image,
            long pauseNanos,
            long bytes,
            @Nullable String failure,
            List<Pin> pins) {}

    /** A checkpoint that was not taken, or one after which participants failed; their failures are suppressed exceptions. */
    public static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int outcome;
        private final transient List<Pin> pins;

        /** A checkpoint that was not taken; the pins become part of the message. */
        public Refusal(String message, List<Pin> pins) {
            this(withPins(message, pins), FAILED, pins, List.of());
        }

        private Refusal(String message, int outcome, List<Pin> pins, List<Throwable> failures) {
            super(message);
            this.outcome = outcome;
            this.pins = pins;
            add(failures);
        }

        private static String withPins(String message, List<Pin> pins) {
            StringBuilder lines = new StringBuilder(message);
            for (Pin pin : pins) {
                lines.append(System.lineSeparator()).append("  ").append(pin);
            }
            return lines.toString();
        }

        private void add(List<Throwable> failures) {
            for (Throwable failure : failures) {
                addSuppressed(failure);
            }
        }

        /** {@link #FAILED}, or what was achieved before participants failed. */
        public int outcome() {
            return outcome;
        }

        /** The threads that could not be captured. */
        public List<Pin> pins() {
            return pins;
        }
    }

    // ---- agent

    /** Makes this JVM able to take checkpoints; the agent serves {@link CheckpointRequests} from now on. */
    public static void install() {
        install(Request.HANDLER, Request.HANDLER);
    }

    /**
     * Makes this JVM able to take checkpoints in another way than by {@link CheckpointRequests}.
     *
     * @param checkpoint called on a thread that asks, with 1 to suspend and 0 to go on; waits as a blocking leaf does and
     *     returns {@link #CHECKPOINTED} or {@link #RESTORED}, or throws {@link Refusal}
     * @param reenters whether the current thread calls only because its stack is being rebuilt
     */
    public static void install(IntUnaryOperator checkpoint, BooleanSupplier reenters) {
        reentry = reenters;
        handler = checkpoint;
    }

    private static final class Request implements IntUnaryOperator, BooleanSupplier {
        static final Request HANDLER = new Request();

        @Override
        public int applyAsInt(int suspend) {
            return Leaves.checkpoint(suspend);
        }

        @Override
        public boolean getAsBoolean() {
            return Leaves.reentersCheckpoint();
        }
    }

    /** Turns notifications before and after a checkpoint on, which they are at first, or off. */
    public static void notifies(boolean on) {
        notifies = on;
    }

    /**
     * Called by the agent before it stops the threads. Tells the participants, unless a program thread leads, which then has
     * told them.
     *
     * @throws Refusal if a participant vetoes; all have been told that the program goes on
     */
    public static void agentBefore() {
        if (lead(AGENT)) {
            before();
        }
    }

    /**
     * Called by the agent when the program's threads run again, after a checkpoint and after a resume. Tells the
     * participants, unless a program thread leads, which then does it itself.
     *
     * @throws Refusal if participants failed
     */
    public static void agentAfter(int outcome) {
        if (leads(AGENT)) {
            throwIfAny(after(outcome), outcome);
        }
    }

    /** Tells listeners how a checkpoint or a resume ended; called by the agent when the program's threads run again. */
    public static List<Throwable> publish(Report report) {
        List<Throwable> failures = new ArrayList<>();
        for (Participant participant : participants()) {
            try {
                failures.addAll(participant.ended(report));
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        return failures;
    }

    /** What of this class belongs into an image: a root, taken while the program's threads stand. */
    public static @Nullable Object[] state() {
        synchronized (LOCK) {
            return new @Nullable Object[] {participants().toArray(), leader == AGENT ? null : leader};
        }
    }

    /** Sets what {@link #state} returned; called in the resumed JVM before any program thread runs. */
    public static void resume(@Nullable Object[] state) {
        Object[] resumed = (Object[]) state[0];
        synchronized (LOCK) {
            List<WeakReference<Participant>> references = new ArrayList<>();
            if (resumed != null) {
                for (Object participant : resumed) {
                    ((Participant) participant).reattach();
                    references.add(new WeakReference<>((Participant) participant));
                }
            }
            participants = references;
            leader = state[1] == null ? AGENT : state[1];
        }
    }

    // ---- program

    /** Whether this JVM can take checkpoints. */
    public static boolean isActive() {
        return handler != null;
    }

    /** Adds a participant, which is held weakly. Told last before a checkpoint and first after it are those that came first. */
    public static void join(Participant participant) {
        synchronized (LOCK) {
            List<WeakReference<Participant>> references = new ArrayList<>();
            for (WeakReference<Participant> reference : participants) {
                if (reference.get() != null) {
                    references.add(reference);
                }
            }
            references.add(new WeakReference<>(participant));
            participants = references;
        }
    }

    /**
     * Takes a checkpoint, of which the calling thread is a part.
     *
     * @param suspend whether this JVM ends once the image is complete
     * @return {@link #CHECKPOINTED} in the JVM that took the image, {@link #RESTORED} in one that resumed it
     * @throws Refusal if no image was taken, or if participants failed afterwards
     */
    public static int checkpoint(boolean suspend) {
        IntUnaryOperator taker = handler;
        BooleanSupplier reenters = reentry;
        if (taker == null || reenters == null) {
            throw new Refusal(
                    "cannot take a checkpoint: Ingot is not in this JVM; start it with -javaagent:ingot-agent.jar",
                    List.of());
        }
        Thread self = Thread.currentThread();
        if (!reenters.getAsBoolean()) {
            refuseFromHook(self);
            if (lead(self)) {
                before();
            }
        }
        int outcome;
        try {
            outcome = taker.applyAsInt(suspend ? 1 : 0);
        } catch (Refusal refusal) {
            if (leads(self)) {
                refusal.add(after(FAILED));
            }
            throw refusal;
        }
        if (leads(self)) {
            throwIfAny(after(outcome), outcome);
        }
        return outcome;
    }

    private static void refuseFromHook(Thread self) {
        if (leads(self)) {
            throw new Refusal(
                    "cannot take a checkpoint from a hook of a checkpoint; return from the hook first", List.of());
        }
    }

    private static boolean lead(Object candidate) {
        synchronized (LOCK) {
            if (leader != null) {
                return false;
            }
            leader = candidate;
            return true;
        }
    }

    private static boolean leads(Object candidate) {
        synchronized (LOCK) {
            return leader == candidate;
        }
    }

    private static void endLead() {
        synchronized (LOCK) {
            leader = null;
        }
    }

    private static void before() {
        if (!notifies) {
            return;
        }
        List<Participant> told = participants();
        Collections.reverse(told);
        List<Throwable> failures = new ArrayList<>();
        for (Participant participant : told) {
            try {
                failures.addAll(participant.before());
            } catch (Throwable failure) {
                failures.add(failure);
            }
        }
        if (!failures.isEmpty()) {
            failures.addAll(after(FAILED));
            throw new Refusal("cannot take a checkpoint: hooks of the program refused it", FAILED, List.of(), failures);
        }
    }

    /** Tells the participants and gives up the lead. */
    private static List<Throwable> after(int outcome) {
        List<Throwable> failures = new ArrayList<>();
        if (notifies) {
            for (Participant participant : participants()) {
                try {
                    failures.addAll(participant.after(outcome));
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }
        }
        endLead();
        return failures;
    }

    private static void throwIfAny(List<Throwable> failures, int outcome) {
        if (!failures.isEmpty()) {
            throw new Refusal(
                    "the checkpoint was taken, but hooks of the program failed after it", outcome, List.of(), failures);
        }
    }

    private static List<Participant> participants() {
        List<Participant> living = new ArrayList<>();
        synchronized (LOCK) {
            for (WeakReference<Participant> reference : participants) {
                Participant participant = reference.get();
                if (participant != null) {
                    living.add(participant);
                }
            }
        }
        return living;
    }
}
