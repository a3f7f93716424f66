package dev.ingot.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stops the program's threads, lets them leave their stacks, and has them build the stacks again.
 *
 * <h2>Overview</h2>
 *
 * <pre>
 *   IDLE ──stop──► STOPPING ──all quiet──► WAKING ──all stopped──► STOPPED ──goOn──► REBUILDING ──► IDLE
 *                     └────────────── deadline: those stopped rebuild ───────────────────▲
 * </pre>
 *
 * While STOPPING, running threads unwind at their polls; threads that wait are left alone, because a notification sent by a
 * thread that still runs must find them. Once nobody runs, WAKING wakes those too: they unwind without running program code.
 * Two things can still run then: a thread that was blocked on a monitor may get it inside the JDK and go on to its next poll,
 * and a thread that is pinned. Because these may notify, waits that were woken meanwhile return when they are rebuilt, as
 * {@code Object.wait} is free to do.
 *
 * <h2>Concurrency</h2>
 *
 * A thread publishes {@code IN_LEAF} and then reads the phase; the coordinator publishes the phase and then reads the
 * states. Both are volatile, so one of them sees the other. {@link #LOCK} guards waiting only; it is never held while
 * program code runs. One coordinator at a time: the agent's checkpoint thread.
 *
 * <h2>Monitors</h2>
 *
 * Unwinding releases every monitor. A thread that waits on an object has released its monitor though an outer frame holds
 * it; it must re-enter and wait before a thread that holds the monitor now re-enters. {@link RebuildOrder} sorts the threads.
 * A thread that got a monitor only because its owner unwound is saved as if it were still about to enter it; if it cannot be
 * captured, {@link CapturedMonitors} turns it back.
 */
public final class Safepoint {
    private enum Phase {
        IDLE,
        STOPPING,
        WAKING,
        STOPPED,
        REBUILDING
    }

    /** How much longer a pinned thread works than it looks whether it is pinned still. */
    private static final int WORK_PER_LOOK = 2;

    private static final Object LOCK = new Object();
    /** Held while entry checks are switched, which the {@link #LOCK} is not held for. */
    private static final Object SWITCH = new Object();

    private static final long CHECK_INTERVAL_MILLIS = 1;

    private static volatile Phase phase = Phase.IDLE;
    private static int stops;
    private static List<ThreadRecord> rebuilding = List.of();
    private static volatile int level;
    /** Threads released before they re-entered their top frame, a synchronized method whose monitor another thread may hold. */
    private static int lateEntries;
    /** The main thread, which had ended in the image; main must return at once when the launcher calls it. */
    private static @Nullable ThreadSlot finishedMain;

    private static boolean entriesAreAsked;
    private static volatile @Nullable Thread coordinator;
    /** The last stop in which a thread waits that can be neither captured nor go on before that stop ends. */
    private static volatile int futileStop;

    private static volatile boolean givenUp;
    private static volatile boolean stopsForGood;
    /** Whether nobody is left to stop but the threads that had to be the last. Guarded by {@link #LOCK}. */
    private static boolean lastMayStop;

    private Safepoint() {}

    // ---- coordinator

    /**
     * What a stop achieved.
     *
     * @param records of all managed threads that stopped
     * @param pins of those that did not; empty on success
     */
    public record Outcome(List<ThreadRecord> records, List<Pin> pins) {}

    /**
     * Stops all managed threads, or as many as stop within {@code deadlineNanos}. Whatever the outcome, call {@link #goOn} or
     * exit. Threads are not stopped while there are virtual threads that cannot be, which may need them to end.
     *
     * @param forGood whether they are to stay stopped if all of them do. A thread whose stack has no room for its frames to be rebuilt is
     *     pinned otherwise, and if so it leaves its stack as the last
     */
    public static Outcome stop(long deadlineNanos, boolean forGood) {
        givenUp = false;
        stopsForGood = forGood;
        long end = System.nanoTime() + deadlineNanos;
        Pin virtual = awaitVirtualThreads(end);
        return virtual == null ? stopUntil(end) : new Outcome(List.of(), List.of(virtual));
    }

    /**
     * Says how threads learn of a stop. By default the JVM throws away the compiled code of all methods that could be asked to
     * stop, and compiles them anew afterwards; where stops follow on each other by moments nothing would ever be compiled, and it
     * is better that code looks at a variable.
     *
     * @param switched false to have code look; to be called between stops
     */
    public static void switchCode(boolean switched) {
        Woven.switchSites(switched);
    }

    /**
     * Says how large the stacks are of threads that were made without a size of their own.
     *
     * @param bytes until it is called, 1 MiB
     */
    public static void stacksHave(long bytes) {
        StackRoom.setDefault(bytes);
    }

    /** About how many bytes of stack the frames of a thread take when they are rebuilt by this JVM's classes. */
    public static long bytesToRebuild(ThreadRecord record) {
        long bytes = 0;
        for (int index = 0; index < record.depth(); index++) {
            bytes += StackRoom.bytesToRebuild(record.frame(index));
        }
        return bytes;
    }

    /** Whether the frames of a thread can be rebuilt on a stack of the size that threads have which were made without one of their own. */
    public static boolean fitsUsualStack(ThreadRecord record) {
        return StackRoom.fitsDefault(bytesToRebuild(record));
    }

    /** Has a stop under way end as at its deadline; without effect on any other. */
    public static void giveUp() {
        givenUp = true;
    }

    private static boolean mayWait(long end) {
        return !givenUp && System.nanoTime() < end;
    }

    /** Waits for virtual threads that cannot be captured to end; what pins if some did not in time. */
    private static @Nullable Pin awaitVirtualThreads(long end) {
        Pin pin = VirtualThreads.pin();
        while (pin != null && mayWait(end)) {
            pause();
            pin = VirtualThreads.pin();
        }
        return pin;
    }

    private static Outcome stopUntil(long end) {
        stops++;
        coordinator = Thread.currentThread();
        boolean someoneBlocked = false;
        lastMayStop(false);
        // First: a thread that is about to block looks at the phase and unwinds without waiting for polls.
        Woven.guardMonitors(true);
        phase = Phase.STOPPING;
        Woven.request(true);
        try {
            List<Thread> live = ManagedThreads.live();
            while (!(allStopped(live) && nothingElseRuns()) && futileStop != stops && mayWait(end)) {
                signalKernelCalls(live);
                Activity activity = phase == Phase.STOPPING ? activity(live) : Activity.QUIET;
                if (activity != Activity.RUNNING) {
                    phase = Phase.WAKING;
                    someoneBlocked |= activity == Activity.BLOCKED;
                    wakeLeaves(live);
                }
                lastMayStop(onlyLastRun(live));
                pause();
                live = ManagedThreads.live();
            }
        } finally {
            Woven.request(false);
        }
        phase = Phase.STOPPED;
        lastMayStop(false);
        Outcome outcome = outcome();
        if (someoneBlocked || !outcome.pins().isEmpty()) {
            for (ThreadRecord thread : outcome.records()) {
                thread.endWait();
            }
        }
        return outcome;
    }

    /** Lets every stopped thread rebuild its stack in place and go on. All methods on the stacks must be resumable. */
    public static void goOn(List<ThreadRecord> records, long deadlineNanos) {
        startRebuild(records);
        awaitRebuilt(deadlineNanos);
    }

    /**
     * Prepares this JVM to run on from records of another one. Threads other than the current one are started by the caller
     * afterwards; the main thread re-enters its frames when the launcher calls the program's main method.
     *
     * @param mainThread the thread that will call main
     */
    public static void prepareResume(List<ThreadRecord> records, Thread mainThread) {
        boolean mainLives = false;
        for (ThreadRecord thread : records) {
            mainLives |= thread.thread() == mainThread;
        }
        if (!mainLives) {
            ThreadSlot main = ThreadTable.of(mainThread);
            main.finished = true;
            synchronized (LOCK) {
                finishedMain = main;
            }
        }
        startRebuild(records);
    }

    /**
     * Waits until every thread has built its stack, then releases them all.
     *
     * @throws IllegalStateException if a thread could not build its stack within the deadline; the message names it
     */
    public static void awaitRebuilt(long deadlineNanos) {
        awaitRebuilt(deadlineNanos, null);
    }

    /** As {@link #awaitRebuilt(long)}; runs {@code beforeRelease} when every stack stands and no thread runs yet. */
    public static void awaitRebuilt(long deadlineNanos, @Nullable Runnable beforeRelease) {
        coordinator = Thread.currentThread();
        long end = System.nanoTime() + deadlineNanos;
        synchronized (LOCK) {
            // A main that had ended is awaited, too: until the launcher has called it, threads that are there are taken
            // for
            // those of agents, unless they are still being rebuilt.
            while (!advanceLevel() || finishedMain != null) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("cannot rebuild the stacks: " + missing());
                }
                waitOnLock(CHECK_INTERVAL_MILLIS);
            }
        }
        if (beforeRelease != null) {
            beforeRelease.run();
        }
        release();
        VirtualThreads.takeBackCarriers();
        Woven.guardMonitors(false);
        switchEntries();
    }

    private static void startRebuild(List<ThreadRecord> records) {
        int[] levels = RebuildOrder.levels(records);
        synchronized (LOCK) {
            for (int i = 0; i < levels.length; i++) {
                ThreadSlot slot = ThreadTable.of(records.get(i).thread());
                slot.beginRebuild(records.get(i));
                slot.level = levels[i];
                slot.status = ThreadSlot.Status.REBUILDING;
            }
            level = 0;
            rebuilding = records;
        }
        switchEntries();
        Woven.guardMonitors(true);
        VirtualThreads.provideCarriers(records);
        synchronized (LOCK) {
            phase = Phase.REBUILDING;
            LOCK.notifyAll();
        }
        unparkVirtual(records);
    }

    /** Has methods ask at their entry whether they are to be rebuilt, as long as any thread may have to. */
    private static void switchEntries() {
        synchronized (SWITCH) {
            boolean needed;
            synchronized (LOCK) {
                needed = !rebuilding.isEmpty() || lateEntries > 0 || finishedMain != null;
            }
            if (needed != entriesAreAsked) {
                entriesAreAsked = needed;
                Woven.rebuild(needed);
            }
        }
    }

    /** Opens the next levels as far as the earlier ones have arrived; true when all have. */
    private static boolean advanceLevel() {
        int arrived = 0;
        int lowest = Integer.MAX_VALUE;
        for (ThreadRecord thread : rebuilding) {
            ThreadSlot slot = ThreadTable.of(thread.thread());
            if (slot.status == ThreadSlot.Status.ARRIVED) {
                arrived++;
            } else {
                lowest = Math.min(lowest, slot.level);
            }
        }
        if (lowest != Integer.MAX_VALUE && lowest > level) {
            level = lowest;
            LOCK.notifyAll();
            unparkVirtual(rebuilding);
        }
        return arrived == rebuilding.size();
    }

    private static void release() {
        List<ThreadRecord> released = rebuilding;
        synchronized (LOCK) {
            for (ThreadRecord thread : released) {
                ThreadSlot slot = ThreadTable.of(thread.thread());
                if (slot.arrivedInLeaf) {
                    // The state first: a leaf that sees itself released may return and set its own.
                    slot.arrivedInLeaf = false;
                    slot.status = ThreadSlot.Status.IN_LEAF;
                }
                if (slot.entersLate) {
                    lateEntries++;
                } else {
                    slot.finishRebuild();
                }
            }
            rebuilding = List.of();
            phase = Phase.IDLE;
            LOCK.notifyAll();
        }
        for (ThreadRecord thread : released) {
            // A permit given before the checkpoint is lost with the JVM; park may return spuriously, so give one to
            // all.
            LockSupport.unpark(thread.thread());
        }
    }

    private static String missing() {
        StringBuilder names = new StringBuilder(finishedMain == null ? "" : "the launcher has not called main");
        for (ThreadRecord thread : rebuilding) {
            ThreadSlot slot = ThreadTable.of(thread.thread());
            if (slot.status != ThreadSlot.Status.ARRIVED) {
                names.append(names.length() == 0 ? "" : ", ")
                        .append(thread.thread().getName());
                FrameRecord next = slot.nextFrame();
                if (next != null) {
                    names.append(" before ")
                            .append(next.owner().getName())
                            .append('.')
                            .append(next.method());
                }
            }
        }
        return names.toString();
    }

    /** Looks again: a thread that was still running when the others were listed may have started one since. */
    private static boolean nothingElseRuns() {
        return VirtualThreads.carriersRest() && allStopped(ManagedThreads.live()) && VirtualThreads.pin() == null;
    }

    /** Whether all have stopped but those that are to be the last, and those blocked on a monitor that one of these may hold. */
    private static boolean onlyLastRun(List<Thread> live) {
        boolean any = false;
        for (Thread thread : live) {
            ThreadSlot slot = ThreadTable.of(thread);
            boolean last = slot.status == ThreadSlot.Status.LAST;
            any |= last;
            if (!last && slot.status != ThreadSlot.Status.STOPPED && !isBlocked(slot)) {
                return false;
            }
        }
        return any;
    }

    private static boolean isBlocked(ThreadSlot slot) {
        return (slot.status == ThreadSlot.Status.RUNNING || slot.status == ThreadSlot.Status.ARRIVED)
                && !slot.busy
                && ForeignThread.state(slot.thread) == Thread.State.BLOCKED;
    }

    private static void lastMayStop(boolean may) {
        synchronized (LOCK) {
            if (lastMayStop != may) {
                lastMayStop = may;
                LOCK.notifyAll();
            }
        }
    }

    private static boolean allStopped(List<Thread> live) {
        for (Thread thread : live) {
            if (ThreadTable.of(thread).status != ThreadSlot.Status.STOPPED) {
                return false;
            }
        }
        return true;
    }

    /** What the threads that have not stopped do. */
    private enum Activity {
        /** Some run. */
        RUNNING,
        /** None runs, but some wait for a monitor; woven code meets a poll as soon as it gets one. */
        BLOCKED,
        /** All block in a leaf. */
        QUIET
    }

    private static Activity activity(List<Thread> live) {
        boolean blocked = false;
        for (Thread thread : live) {
            ThreadSlot slot = ThreadTable.of(thread);
            switch (slot.status) {
                case IN_LEAF, STOPPED, LAST -> {}
                case REBUILDING -> {
                    return Activity.RUNNING;
                }
                // A thread that was released may still have to take back the monitor it waited on.
                case RUNNING, ARRIVED -> {
                    if (!isBlocked(slot)) {
                        return Activity.RUNNING;
                    }
                    blocked = true;
                }
            }
        }
        return blocked ? Activity.BLOCKED : Activity.QUIET;
    }

    /** Again and again: a signal that arrives before the call blocks has no effect. */
    private static void signalKernelCalls(List<Thread> live) {
        for (Thread thread : live) {
            ThreadTable.of(thread).signalInKernel(stops);
        }
    }

    private static void wakeLeaves(List<Thread> live) {
        for (Thread thread : live) {
            ThreadTable.of(thread).wake(stops);
        }
    }

    private static Outcome outcome() {
        List<ThreadRecord> records = new ArrayList<>();
        List<Pin> pins = new ArrayList<>();
        List<Pin> notReached = new ArrayList<>();
        for (Thread thread : ManagedThreads.live()) {
            ThreadSlot slot = ThreadTable.of(thread);
            ThreadRecord stopped = slot.record;
            Pin pin = slot.pin;
            if (slot.status == ThreadSlot.Status.STOPPED && stopped != null) {
                records.add(stopped);
            } else if (pin != null && slot.status == ThreadSlot.Status.LAST) {
                notReached.add(pin);
            } else if (pin == null && slot.status == ThreadSlot.Status.IN_LEAF) {
                notReached.add(unreached(thread, slot));
            } else {
                pins.add(pin != null ? pin : unreached(thread, slot));
            }
            slot.pin = null;
        }
        Pin virtual = VirtualThreads.pin();
        if (virtual != null) {
            pins.add(virtual);
        }
        // A stop ends when one thread is known to be pinned. What is in the way are neither those that it had not woken
        // by
        // then nor those that waited for the others.
        return new Outcome(records, pins.isEmpty() ? notReached : pins);
    }

    private static Pin unreached(Thread thread, ThreadSlot slot) {
        StackTraceElement[] stack = ForeignThread.stackTrace(thread);
        String frame = stack.length == 0 ? null : stack[0].toString();
        Thread.State state = ForeignThread.state(thread);
        boolean blocks = slot.status == ThreadSlot.Status.RUNNING
                && (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
        return new Pin(
                thread.getName(),
                blocks ? PinReason.BLOCKING_CALL : PinReason.NO_POLL_REACHED,
                frame,
                state.toString());
    }

    private static void pause() {
        synchronized (LOCK) {
            waitOnLock(CHECK_INTERVAL_MILLIS);
        }
    }

    /** Waits for a change; true if an interrupt ended the wait, which the caller has to restore. */
    @SuppressWarnings("WaitNotInLoop") // Callers loop.
    private static boolean waitOnLock(long millis) {
        try {
            LOCK.wait(millis);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    // ---- threads

    /** Whether threads that block are to unwind. */
    static boolean waking() {
        return phase == Phase.WAKING;
    }

    /** Number of the stop under way; read after {@link #requested}. */
    static int stop() {
        return stops;
    }

    /** Whether threads that run are to unwind. */
    static boolean requested() {
        Phase now = phase;
        return now == Phase.STOPPING || now == Phase.WAKING;
    }

    /** The slow path of a poll: unwinds the thread unless a frame pins it. */
    static void poll() {
        if (!requested()) {
            return;
        }
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        long start = System.nanoTime();
        if (!isCapturable(slot) || start - slot.retryAt < 0) {
            return;
        }
        if (capture(slot, null, null)) {
            throw CaptureSignal.INSTANCE;
        }
        if (requested()) {
            // Whatever pins the thread ends only if the thread gets on, so it must not spend its time looking at its
            // stack.
            long end = System.nanoTime();
            slot.retryAt = end + (end - start) * WORK_PER_LOOK;
        }
    }

    /**
     * The slow path of a poll right after a monitor was entered. The monitor may be free only because its owner has unwound in
     * the middle of what it guards, so a thread that cannot be captured gets past it only if that is not so.
     */
    static void ownerPoll() {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (requested() && isCapturable(slot) && capture(slot, null, null)) {
            throw CaptureSignal.INSTANCE;
        }
        giveBackMonitors(slot);
    }

    private static boolean isCapturable(ThreadSlot slot) {
        return slot.managed && !slot.busy && !slot.unwinding() && !slot.rebuilding();
    }

    /** Called by a thread that has a monitor again or anew: waits if that belongs to a captured thread. */
    static void giveBackMonitors(ThreadSlot slot) {
        if (phase == Phase.IDLE || slot.busy || slot.unwinding() || slot.rebuilding()) {
            return;
        }
        Thread thread = Thread.currentThread();
        if (thread != coordinator && !ManagedThreads.callsHooks(thread)) {
            int stop = stops;
            CapturedMonitors.giveBack(slot, () -> {
                if (slot.managed || VirtualThreads.isVirtual(thread)) {
                    futileStop = stop;
                }
            });
        }
    }

    /**
     * Looks at the stack and readies it for unwinding.
     *
     * @param leaf the blocking leaf that is the top frame, or {@code null} at a poll
     * @param waitsOn object the leaf waits on, or {@code null}
     * @return false if a frame pins the thread, which is then recorded
     */
    static boolean capture(ThreadSlot slot, @Nullable String leaf, @Nullable Object waitsOn) {
        String region = Regions.reason();
        if (region != null) {
            slot.pin = new Pin(slot.thread.getName(), PinReason.UNCHECKPOINTABLE_REGION, null, region);
            return false;
        }
        slot.busy = true;
        try {
            StackCapture stack = leaf == null ? StackCapture.ofPoll() : StackCapture.ofLeaf(leaf);
            slot.pin = stack.pin();
            if (slot.pin == null && !StackRoom.fits(slot.thread, stack.rebuiltBytes())) {
                slot.pin = new Pin(
                        slot.thread.getName(),
                        PinReason.STACK_NEARLY_FULL,
                        null,
                        "its " + stack.frames().length + " frames would take about " + (stack.rebuiltBytes() >> 10)
                                + " KB when they are rebuilt");
                if (stopsForGood && awaitOthers(slot)) {
                    slot.pin = null;
                }
            }
            if (slot.pin != null) {
                return false;
            }
            slot.beginUnwind(stack.frames(), waitsOn);
            return true;
        } catch (StackOverflowError e) {
            slot.pin = new Pin(slot.thread.getName(), PinReason.STACK_NEARLY_FULL, null, null);
            return false;
        } finally {
            slot.busy = false;
        }
    }

    /**
     * Waits until all other threads have stopped but those that wait here too, so that the current one does not leave a stack that it would have to
     * build again.
     *
     * @return false if the stop ends without it
     */
    private static boolean awaitOthers(ThreadSlot slot) {
        int stop = stops;
        boolean interrupted = false;
        synchronized (LOCK) {
            slot.status = ThreadSlot.Status.LAST;
            while (!lastMayStop && requested() && stop == stops) {
                interrupted |= waitOnLock(0);
            }
            slot.status = ThreadSlot.Status.RUNNING;
            if (interrupted) {
                ForeignThread.interrupt(slot.thread);
            }
            return lastMayStop && requested() && stop == stops;
        }
    }

    static void base(CaptureSignal signal) {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.unwoundCompletely()) {
            throw signal;
        }
        slot.finishUnwind(Thread.interrupted());
        if (slot.isVirtual) {
            slot.status = ThreadSlot.Status.STOPPED;
            while (phase != Phase.REBUILDING || !slot.rebuilding()) {
                slot.interruptAfterRebuild |= parkInterruptibly();
            }
            return;
        }
        boolean interruptedHere = false;
        synchronized (LOCK) {
            slot.status = ThreadSlot.Status.STOPPED;
            LOCK.notifyAll();
            while (phase != Phase.REBUILDING || !slot.rebuilding()) {
                interruptedHere |= waitOnLock(0);
            }
        }
        slot.interruptAfterRebuild |= interruptedHere;
    }

    /** Which site of {@code method} to re-enter; see {@link Woven#site}. */
    static int enterRebuiltFrame(Class<?> owner, String method) {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        if (slot == null) {
            return Woven.NOT_REBUILT;
        }
        if (slot.finished && method.startsWith("main(")) {
            slot.finished = false;
            synchronized (LOCK) {
                finishedMain = null;
            }
            switchEntries();
            return Woven.FINISHED;
        }
        FrameRecord next = slot.nextFrame();
        if (next == null
                || next.owner() != owner
                || !next.method().equals(method)
                || !RebuiltCaller.leadsHere(slot, next)) {
            slot.enteredOther(owner, method);
            return Woven.NOT_REBUILT;
        }
        if (slot.atFirstFrame()) {
            awaitLevel(slot);
        }
        return slot.enterRebuiltFrame().site();
    }

    /** The current thread has restored the locals of its top frame. */
    static void restored() {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (slot.entersLate) {
            enteredLate(slot);
        } else if (slot.rebuilding()) {
            arriveAndAwaitRelease(slot);
        }
        slot.leaveTopFrame();
    }

    /** A frame that will acquire a monitor which others may hold must not do so before everyone owns what is theirs. */
    static void beforeCallee(ThreadSlot slot) {
        FrameRecord next = slot.nextFrame();
        if (next != null && next.entersOwnMonitor() && slot.nextIsTop()) {
            slot.entersLate = true;
            arriveAndAwaitRelease(slot);
        }
    }

    /** The last thread that had to wait for a monitor makes entry checks quiet again. */
    private static void enteredLate(ThreadSlot slot) {
        synchronized (LOCK) {
            slot.entersLate = false;
            slot.finishRebuild();
            lateEntries--;
        }
        switchEntries();
    }

    /**
     * Parks a virtual thread until the coordinator has it look again; true if it was interrupted. There can be very many of them,
     * so none waits on {@link #LOCK}, where each that arrives would wake all.
     */
    private static boolean parkInterruptibly() {
        VirtualThreads.park();
        return Thread.interrupted();
    }

    private static void unparkVirtual(List<ThreadRecord> threads) {
        for (ThreadRecord thread : threads) {
            if (VirtualThreads.isVirtual(thread.thread())) {
                LockSupport.unpark(thread.thread());
            }
        }
    }

    private static void awaitLevel(ThreadSlot slot) {
        if (slot.isVirtual) {
            while (slot.level > level) {
                slot.interruptAfterRebuild |= parkInterruptibly();
            }
            return;
        }
        synchronized (LOCK) {
            while (slot.level > level) {
                slot.interruptAfterRebuild |= waitOnLock(0);
            }
        }
    }

    static void arriveAndAwaitRelease(ThreadSlot slot) {
        boolean interrupted = slot.interruptedBefore();
        arrive(slot);
        if (slot.isVirtual) {
            while (phase == Phase.REBUILDING && slot.rebuilding()) {
                interrupted |= parkInterruptibly();
            }
            // In place of a permit of the program's that was taken here.
            LockSupport.unpark(slot.thread);
        } else {
            synchronized (LOCK) {
                while (phase == Phase.REBUILDING && slot.rebuilding()) {
                    interrupted |= waitOnLock(0);
                }
            }
        }
        slot.status = ThreadSlot.Status.RUNNING;
        if (interrupted || slot.interruptAfterRebuild) {
            slot.interruptAfterRebuild = false;
            ForeignThread.interrupt(slot.thread);
        }
    }

    /** Tells the coordinator that this thread stands where it was; a leaf then blocks until {@link #released}. */
    static void arrive(ThreadSlot slot) {
        if (slot.isVirtual) {
            slot.status = ThreadSlot.Status.ARRIVED;
            return;
        }
        synchronized (LOCK) {
            if (slot.status != ThreadSlot.Status.ARRIVED) {
                slot.status = ThreadSlot.Status.ARRIVED;
                LOCK.notifyAll();
            }
        }
    }

    static boolean released(ThreadSlot slot) {
        return !slot.rebuilding();
    }
}
