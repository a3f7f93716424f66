package dev.ingot.runtime;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the safepoint protocol knows of one thread.
 *
 * <p>Concurrency: the volatile fields are read and written by the coordinator and the thread. A thread is woken and leaves its
 * leaf under this object's monitor, so that an interrupt meant to wake it never arrives after it has left. Everything else is
 * written by the thread itself, or by the coordinator while the thread waits at its base, with {@link Safepoint#LOCK}
 * ordering the two.
 */
final class ThreadSlot {
    enum Status {
        /** Runs program or JDK code. */
        RUNNING,
        /** Blocks in a leaf of {@link Leaves}; can be woken. */
        IN_LEAF,
        /** Waits to leave its stack until all others have. */
        LAST,
        /** Has left its stack and waits at its base frame. */
        STOPPED,
        /** Is re-entering its frames. */
        REBUILDING,
        /** Has re-entered its frames and waits to be released, or is about to notice that it was. */
        ARRIVED
    }

    /** Stands for every thread that is not the program's, so that these need no slots of their own. */
    static final ThreadSlot UNMANAGED = new ThreadSlot(Thread.currentThread(), false);

    private static final int NO_STOP = 0;
    private static final long OUTSIDE = 0;

    final Thread thread;
    final boolean managed;
    final boolean isVirtual;
    volatile Status status = Status.RUNNING;
    volatile @Nullable Pin pin;
    volatile boolean arrivedInLeaf;
    /** Looks at its own stack, and may block on locks of the runtime meanwhile. */
    volatile boolean busy;

    /** When a pinned thread looks at its stack again at a poll, by {@link System#nanoTime}. */
    long retryAt = System.nanoTime();

    /** Whether a virtual thread is in the leaf in which it waits for a descriptor, and parks in the JDK's own code above that. */
    boolean awaitsDescriptor;

    boolean interruptAfterRebuild;
    boolean entersLate;

    /** Whether the leaf the thread is in ends by {@code unpark} rather than by an interrupt. */
    private boolean parks;
    /** Whether an interrupt was sent only to end the leaf the thread is in. */
    private boolean interruptedToWake;

    private int wokenForStop = NO_STOP;

    /** Native id of the thread while it makes native calls that a signal ends early, otherwise {@link #OUTSIDE}. */
    private volatile long kernelThread = OUTSIDE;

    private volatile int kernelRefusedInStop = NO_STOP;
    /** Whether the thread selects again in place of one that was captured, which an interrupt does not wake. */
    boolean selectsInTurns;

    private volatile StackCapture.Frame[] expected = {};
    private FrameRecord[] unwound = {};
    private int unwoundCount;
    private @Nullable Object waitsOn;
    private @Nullable PassedHandle passedHandle;

    /** The next call of a call site leads to the next frame in the way that the current one tells. */
    boolean passes;

    volatile @Nullable ThreadRecord record;

    /** What the thread waits for in {@link Leaves#checkpoint}. */
    volatile @Nullable CheckpointRequest request;

    private volatile @Nullable ThreadRecord rebuild;
    private int rebuilt;
    private @Nullable FrameRecord current;
    /** Whether something on the way to the next frame called the method of the current one. */
    private boolean callerEnteredAgain;

    private int primitivesRead;
    private int referencesRead;
    int level;
    boolean finished;
    /** Whether the constructor of a superclass is being called on an object that will be dropped. */
    boolean makesPlaceholder;

    ThreadSlot(Thread thread, boolean managed) {
        this.thread = thread;
        this.managed = managed;
        this.isVirtual = VirtualThreads.isVirtual(thread);
    }

    // ---- blocking

    /** Publishes that the thread blocks; the caller reads the phase afterwards. */
    synchronized void enterLeaf(boolean endsByUnpark) {
        parks = endsByUnpark;
        status = Status.IN_LEAF;
    }

    /** The thread waits on an object already, as it did when it was captured; it is in a leaf from its release on. */
    synchronized void arriveInWait() {
        parks = false;
        arrivedInLeaf = true;
    }

    /**
     * Publishes that the thread runs, and drops an interrupt that only meant to wake it.
     *
     * @param interruptTaken whether an {@code InterruptedException} has cleared the interrupt status already
     * @return whether an interrupt only meant to wake the thread
     */
    synchronized boolean leaveLeaf(boolean interruptTaken) {
        status = Status.RUNNING;
        boolean woken = interruptedToWake;
        interruptedToWake = false;
        if (woken && !interruptTaken) {
            Thread.interrupted();
        }
        return woken;
    }

    /** Ends the leaf the thread is in, once per stop: on its way to block again the thread looks at the phase by itself. */
    synchronized void wake(int stop) {
        if (status != Status.IN_LEAF || wokenForStop == stop) {
            return;
        }
        wokenForStop = stop;
        if (parks) {
            LockSupport.unpark(thread);
        } else if (!ForeignThread.isInterrupted(thread)) {
            interruptedToWake = true;
            ForeignThread.interrupt(thread);
        }
    }

    // ---- kernel

    /** Publishes that the thread makes native calls that a signal ends early. */
    void enterKernel(long id) {
        kernelThread = id;
    }

    /** Publishes that it no longer does; a signal on its way arrives before this returns. */
    void leaveKernel() {
        if (kernelThread != OUTSIDE) {
            synchronized (this) {
                kernelThread = OUTSIDE;
            }
        }
    }

    /** Looking at the stack again is of no use before the call has ended. */
    void refusedInKernel(int stop) {
        kernelRefusedInStop = stop;
    }

    /** Ends the native call the thread may block in, unless it was found that the thread cannot be captured there. */
    synchronized void signalInKernel(int stop) {
        long id = kernelThread;
        if (id != OUTSIDE && status == Status.RUNNING && kernelRefusedInStop != stop) {
            KernelCalls.signal(id);
        }
    }

    // ---- unwinding

    void beginUnwind(StackCapture.Frame[] frames, @Nullable Object waitedOn) {
        expected = frames;
        unwound = new FrameRecord[frames.length];
        unwoundCount = 0;
        waitsOn = waitedOn;
        current = null;
    }

    FrameRecord enterUnwoundFrame() {
        while (expected[unwoundCount].delegates()) {
            enterDelegation();
        }
        FrameRecord frame = new FrameRecord(expected[unwoundCount]);
        unwound[unwoundCount++] = frame;
        current = frame;
        if (HandlePassage.isSaved(frame.passage()) && passedHandle != null) {
            frame.passedHandle(passedHandle);
        }
        passedHandle = null;
        return frame;
    }

    /** The signal passes the frame of a compiled method handle. */
    void passHandle(@Nullable PassedHandle passed) {
        passedHandle = passed;
    }

    /** The signal went through a constructor that had called another one on its object, whose frame knows it, and saved nothing. */
    private void enterDelegation() {
        FrameRecord frame = new FrameRecord(expected[unwoundCount]);
        Object receiver = unwound[unwoundCount - 1].receiver();
        if (receiver != null) {
            frame.receiver(receiver);
        }
        unwound[unwoundCount++] = frame;
    }

    /** Whether the signal is on its way through the frames; code that the JVM calls in between is none of them. */
    boolean unwinding() {
        return expected.length > 0;
    }

    boolean unwoundCompletely() {
        return unwoundCount == expected.length;
    }

    ThreadRecord finishUnwind(boolean interrupted) {
        FrameRecord[] bottomFirst = new FrameRecord[unwoundCount];
        for (int i = 0; i < unwoundCount; i++) {
            bottomFirst[i] = unwound[unwoundCount - 1 - i];
        }
        ThreadRecord finished = new ThreadRecord(thread, bottomFirst, interrupted, waitsOn);
        record = finished;
        expected = new StackCapture.Frame[0];
        unwound = new FrameRecord[0];
        unwoundCount = 0;
        waitsOn = null;
        current = null;
        return finished;
    }

    // ---- rebuilding

    void beginRebuild(ThreadRecord from) {
        rebuild = from;
        record = null;
        rebuilt = 0;
        current = null;
    }

    /** The record of the stack while the thread is not on it whole, or {@code null}; for other threads. */
    @Nullable ThreadRecord recordToRebuild() {
        // In the order in which the record moves from one to the other.
        ThreadRecord captured = record;
        return captured == null ? rebuild : captured;
    }

    boolean rebuilding() {
        return rebuild != null;
    }

    boolean atFirstFrame() {
        return rebuilt == 0;
    }

    @Nullable FrameRecord nextFrame() {
        // One read: the coordinator clears the field when it releases the thread.
        ThreadRecord from = rebuild;
        return from == null || rebuilt == from.depth() ? null : from.frame(rebuilt);
    }

    /** The frame that calls {@link #nextFrame}; null if that is the first or there is none. */
    @Nullable FrameRecord lastRebuilt() {
        ThreadRecord from = rebuild;
        return from == null || rebuilt == 0 ? null : from.frame(rebuilt - 1);
    }

    /** A method was called that is not rebuilt. */
    void enteredOther(Class<?> owner, String method) {
        FrameRecord last = lastRebuilt();
        callerEnteredAgain |=
                last != null && last.owner() == owner && last.method().equals(method);
    }

    boolean callerEnteredAgain() {
        return callerEnteredAgain;
    }

    /** How many frames have been rebuilt of the method of {@code frame}. */
    int rebuiltFramesOf(FrameRecord frame) {
        ThreadRecord from = rebuild;
        int count = 0;
        for (int index = 0; from != null && index < rebuilt; index++) {
            FrameRecord other = from.frame(index);
            count += other.owner() == frame.owner() && other.method().equals(frame.method()) ? 1 : 0;
        }
        return count;
    }

    boolean nextIsTop() {
        ThreadRecord from = rebuild;
        return from != null && rebuilt == from.depth() - 1;
    }

    FrameRecord enterRebuiltFrame() {
        FrameRecord frame = nextFrame();
        if (frame == null) {
            throw new IllegalStateException("no frame left to rebuild in thread " + thread.getName());
        }
        rebuilt++;
        current = frame;
        callerEnteredAgain = false;
        primitivesRead = 0;
        referencesRead = 0;
        return frame;
    }

    boolean interruptedBefore() {
        ThreadRecord from = rebuild;
        return from != null && from.interrupted();
    }

    void finishRebuild() {
        rebuild = null;
    }

    /** Lets go of the record of the frame that was restored last, and with it of the program's objects. */
    void leaveTopFrame() {
        current = null;
    }

    FrameRecord current() {
        FrameRecord frame = current;
        if (frame == null) {
            throw new IllegalStateException("thread " + thread.getName() + " is in no frame");
        }
        return frame;
    }

    long readPrimitive() {
        return current().primitive(primitivesRead++);
    }

    @Nullable Object readReference() {
        return current().reference(referencesRead++);
    }
}
