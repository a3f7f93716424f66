package dev.ingot.runtime;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.function.BooleanSupplier;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The calls in which a thread blocks, in a form that a checkpoint can wake and a resume can continue.
 *
 * <p>Woven code calls these in place of the JDK's. Each is the top frame of a captured stack: it saves the time left and how
 * the call was about to end, and when called again during a rebuild it goes on from there.
 */
@SuppressWarnings("WaitNotInLoop") // These are the program's waits; it has the loops.
public final class Leaves {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long FOREVER = 0;
    private static final long TIMED = 1;
    private static final String CHECKPOINT = "checkpoint(Z)I";
    private static final String POLL = "poll(Ljava/io/FileDescriptor;IJ)I";
    private static final String POLLER_POLL = "poll(IIJLjava/util/function/BooleanSupplier;)V";
    private static final String POLLER_POLL_SELECTOR = "pollSelector(IJ)V";
    private static final String EPOLL_WAIT = "wait(IJII)I";
    private static final String AWAIT_DATAGRAM = "awaitDatagram(Ljava/io/FileDescriptor;J)V";
    private static final String AWAIT_INPUT = "awaitInput(Ljava/io/FileInputStream;)V";
    /** How long a call that nobody can wake goes without looking around. */
    private static final int TURN_MILLIS = 100;

    private static final long RECHECK_NANOS = 5 * NANOS_PER_MILLI;

    /** How a leaf was about to end when it was captured. */
    private static final int PENDING = 0;

    private static final int RETURNING = 1;
    private static final int INTERRUPTED = 2;

    private Leaves() {}

    // ---- sleep

    /** As {@link Thread#sleep(long)}. */
    public static void sleep(long millis) throws InterruptedException {
        if (millis < 0) {
            Thread.sleep(millis);
        }
        sleepNanos("sleep(J)V", toNanos(millis));
    }

    /** As {@link Thread#sleep(long, int)}. */
    public static void sleep(long millis, int nanos) throws InterruptedException {
        if (millis < 0 || nanos < 0 || nanos > 999_999) {
            Thread.sleep(millis, nanos);
        }
        sleepNanos("sleep(JI)V", plus(toNanos(millis), nanos));
    }

    /** As {@code Thread.sleep(Duration)}, which came with Java 19. */
    public static void sleep(java.time.Duration duration) throws InterruptedException {
        long nanos;
        try {
            nanos = duration.toNanos();
        } catch (ArithmeticException e) {
            nanos = duration.isNegative() ? 0 : Long.MAX_VALUE;
        }
        sleepNanos("sleep(Ljava/time/Duration;)V", Math.max(0, nanos));
    }

    private static void sleepNanos(String leaf, long nanos) throws InterruptedException {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            Thread.sleep(nanos / NANOS_PER_MILLI, (int) (nanos % NANOS_PER_MILLI));
            return;
        }
        long left = nanos;
        FrameRecord again = reenter(slot, leaf);
        if (again != null) {
            left = again.primitive(0);
            Safepoint.arriveAndAwaitRelease(slot);
            if (endedBefore(again)) {
                return;
            }
        }
        long start = System.nanoTime();
        long total = left;
        while (true) {
            int outcome = sleepOnce(slot, leaf, left);
            left = Math.max(0, total - (System.nanoTime() - start));
            captureIfRequested(slot, leaf, null, left, outcome);
            throwIfInterrupted(outcome);
            if (outcome == RETURNING) {
                return;
            }
        }
    }

    private static int sleepOnce(ThreadSlot slot, String leaf, long nanos) {
        boolean interrupted = false;
        boolean woken = false;
        slot.enterLeaf(false);
        try {
            captureIfRequested(slot, leaf, null, nanos, PENDING);
            Thread.sleep(nanos / NANOS_PER_MILLI, (int) (nanos % NANOS_PER_MILLI));
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            woken = slot.leaveLeaf(interrupted);
        }
        return outcome(interrupted, woken);
    }

    // ---- wait

    /** As {@link Object#wait()}. */
    public static void wait(Object monitor) throws InterruptedException {
        waitNanos("wait(Ljava/lang/Object;)V", monitor, FOREVER);
    }

    /** As {@link Object#wait(long)}. */
    public static void wait(Object monitor, long millis) throws InterruptedException {
        if (millis < 0) {
            monitor.wait(millis);
        }
        waitNanos("wait(Ljava/lang/Object;J)V", monitor, toNanos(millis));
    }

    /** As {@link Object#wait(long, int)}. */
    public static void wait(Object monitor, long millis, int nanos) throws InterruptedException {
        if (millis < 0 || nanos < 0 || nanos > 999_999) {
            monitor.wait(millis, nanos);
        }
        long time = plus(toNanos(millis), nanos);
        waitNanos("wait(Ljava/lang/Object;JI)V", monitor, nanos > 0 ? Math.max(time, NANOS_PER_MILLI) : time);
    }

    private static void waitNanos(String leaf, @Nullable Object receiver, long nanos) throws InterruptedException {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        FrameRecord again = slot.managed ? reenter(slot, leaf) : null;
        Object monitor = again == null ? receiver : again.reference(0);
        if (monitor == null) {
            throw new NullPointerException();
        }
        if (!slot.managed) {
            try {
                waitMillis(monitor, nanos);
            } finally {
                Safepoint.giveBackMonitors(slot);
            }
            return;
        }
        long left = nanos;
        if (again != null) {
            left = again.primitive(0);
            if (again.primitive(1) != PENDING || slot.interruptedBefore() || isEndedThread(monitor)) {
                endWait(slot, leaf, monitor, again);
                return;
            }
            if (waitThroughRebuild(slot, leaf, monitor, left)) {
                return;
            }
        }
        waitOn(slot, leaf, monitor, left);
    }

    /** Ends a wait that was about to end when it was captured, or about to begin in an interrupted thread. */
    private static void endWait(ThreadSlot slot, String leaf, Object monitor, FrameRecord again)
            throws InterruptedException {
        boolean interrupted = slot.interruptedBefore();
        int outcome = (int) again.primitive(1);
        if (outcome == PENDING) {
            outcome = interrupted ? INTERRUPTED : RETURNING;
            interrupted = false;
        }
        leaveMonitorUntilReleased(slot, monitor, interrupted);
        // The monitor may be free only because its owner is being captured again.
        captureIfRequested(slot, leaf, monitor, again.primitive(0), outcome);
        throwIfInterrupted(outcome);
    }

    /** A thread notifies its waiters after it has left every list of live threads; such a notification may have been missed. */
    private static boolean isEndedThread(Object monitor) {
        return monitor instanceof Thread thread && !thread.isAlive();
    }

    private static void waitOn(ThreadSlot slot, String leaf, Object monitor, long nanos) throws InterruptedException {
        long start = System.nanoTime();
        long left = nanos;
        while (true) {
            int outcome = waitOnce(slot, leaf, monitor, left);
            if (nanos != FOREVER) {
                left = nanos - (System.nanoTime() - start);
                if (outcome == PENDING && left <= 0) {
                    outcome = RETURNING;
                }
            }
            captureIfRequested(slot, leaf, monitor, Math.max(left, 0), outcome);
            if (outcome != PENDING) {
                Safepoint.giveBackMonitors(slot);
            }
            throwIfInterrupted(outcome);
            if (outcome == RETURNING) {
                return;
            }
        }
    }

    private static int waitOnce(ThreadSlot slot, String leaf, Object monitor, long nanos) {
        boolean interrupted = false;
        boolean woken = false;
        slot.enterLeaf(false);
        try {
            // Earlier, a thread that still runs could enter the monitor and notify: it must find this one waiting.
            if (Safepoint.waking() && Thread.holdsLock(monitor)) {
                captureIfRequested(slot, leaf, monitor, nanos, PENDING);
            }
            waitMillis(monitor, nanos);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            woken = slot.leaveLeaf(interrupted);
        }
        return outcome(interrupted, woken);
    }

    /**
     * Waits again during a rebuild. The wait that gives the monitor to the threads of later levels is already the program's
     * own, so a notification sent right after the release is not lost.
     *
     * @return whether the program's wait has ended; false if it was woken for the next checkpoint
     */
    private static boolean waitThroughRebuild(ThreadSlot slot, String leaf, Object monitor, long nanos)
            throws InterruptedException {
        long start = System.nanoTime();
        boolean recheck = false;
        boolean interruptedBefore = false;
        slot.arriveInWait();
        Safepoint.arrive(slot);
        while (true) {
            boolean interrupted = false;
            try {
                waitMillis(monitor, recheck ? RECHECK_NANOS : nanos);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (Safepoint.released(slot)) {
                boolean woken = slot.leaveLeaf(interrupted);
                int outcome = interruptedBefore ? INTERRUPTED : outcome(interrupted, woken);
                captureIfRequested(slot, leaf, monitor, left(nanos, start), outcome);
                throwIfInterrupted(outcome);
                return outcome == RETURNING;
            }
            interruptedBefore |= interrupted;
            recheck = true;
        }
    }

    private static long left(long nanos, long start) {
        return nanos == FOREVER ? FOREVER : Math.max(1, nanos - (System.nanoTime() - start));
    }

    /**
     * A wait that was about to end takes the monitor back only after the release: another thread may have been its owner, or
     * be about to take it back as well.
     */
    private static void leaveMonitorUntilReleased(ThreadSlot slot, Object monitor, boolean interruptedBefore) {
        boolean interrupted = interruptedBefore;
        Safepoint.arrive(slot);
        while (!Safepoint.released(slot)) {
            try {
                waitMillis(monitor, RECHECK_NANOS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        slot.status = ThreadSlot.Status.RUNNING;
        if (interrupted) {
            ForeignThread.interrupt(slot.thread);
        }
    }

    private static void waitMillis(Object monitor, long nanos) throws InterruptedException {
        if (nanos == FOREVER) {
            monitor.wait();
        } else {
            monitor.wait(Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI));
        }
    }

    // ---- park

    /** As {@code Unsafe.park}. A resumed park returns at once, which park is free to do. */
    public static void park(Unsafe unsafe, boolean absolute, long time) {
        String leaf = "park(Ljdk/internal/misc/Unsafe;ZJ)V";
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            Unsafe.getUnsafe().park(absolute, time);
            return;
        }
        if (reenter(slot, leaf) != null) {
            Safepoint.arriveAndAwaitRelease(slot);
            return;
        }
        long timed = absolute || time != 0 ? TIMED : FOREVER;
        slot.enterLeaf(true);
        try {
            captureIfRequested(slot, leaf, null, timed, RETURNING);
            Unsafe.getUnsafe().park(absolute, time);
        } finally {
            slot.leaveLeaf(false);
        }
        captureIfRequested(slot, leaf, null, timed, RETURNING);
    }

    /** As {@code JavaLangAccess.parkVirtualThread}; see {@link #park(Unsafe, boolean, long)}. */
    public static void park(JavaLangAccess access) {
        parkVirtual("park(Ljdk/internal/access/JavaLangAccess;)V", FOREVER, 0);
    }

    /** As {@code JavaLangAccess.parkVirtualThread} for a time; see {@link #park(Unsafe, boolean, long)}. */
    public static void park(JavaLangAccess access, long nanos) {
        parkVirtual("park(Ljdk/internal/access/JavaLangAccess;J)V", TIMED, nanos);
    }

    private static void parkVirtual(String leaf, long timed, long nanos) {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed || slot.awaitsDescriptor) {
            parkVirtual(timed, nanos);
            return;
        }
        if (reenter(slot, leaf) != null) {
            Safepoint.arriveAndAwaitRelease(slot);
            return;
        }
        slot.enterLeaf(true);
        try {
            captureIfRequested(slot, leaf, null, timed, RETURNING);
            parkVirtual(timed, nanos);
        } finally {
            slot.leaveLeaf(false);
        }
        captureIfRequested(slot, leaf, null, timed, RETURNING);
    }

    private static void parkVirtual(long timed, long nanos) {
        if (timed == TIMED) {
            VirtualThreads.park(nanos);
        } else {
            VirtualThreads.park();
        }
    }

    // ---- sockets of virtual threads

    /**
     * As {@code sun.nio.ch.Poller.poll}, in which a virtual thread waits until a descriptor is ready. A resumed one returns at once, as
     * with nothing ready; whoever calls it tries and comes again.
     */
    public static void poll(int descriptor, int event, long nanos, BooleanSupplier isOpen) throws IOException {
        awaitVirtually(POLLER_POLL, descriptor, event, nanos, isOpen);
    }

    /** As {@code sun.nio.ch.Poller.pollSelector}; see {@link #poll(int, int, long, BooleanSupplier)}. */
    public static void pollSelector(int descriptor, long nanos) throws IOException {
        awaitVirtually(POLLER_POLL_SELECTOR, descriptor, 0, nanos, null);
    }

    private static void awaitVirtually(
            String leaf, int descriptor, int event, long nanos, @Nullable BooleanSupplier isOpen) throws IOException {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            awaitVirtually(descriptor, event, nanos, isOpen);
            return;
        }
        if (reenter(slot, leaf) != null) {
            Safepoint.arriveAndAwaitRelease(slot);
            return;
        }
        slot.enterLeaf(true);
        try {
            captureIfRequested(slot, leaf, null, nanos, RETURNING);
            slot.awaitsDescriptor = true;
            awaitVirtually(descriptor, event, nanos, isOpen);
        } finally {
            slot.awaitsDescriptor = false;
            slot.leaveLeaf(false);
        }
        captureIfRequested(slot, leaf, null, nanos, RETURNING);
    }

    private static void awaitVirtually(int descriptor, int event, long nanos, @Nullable BooleanSupplier isOpen)
            throws IOException {
        if (isOpen == null) {
            KernelCalls.awaitSelectorVirtually(descriptor, nanos);
        } else {
            KernelCalls.awaitVirtually(descriptor, event, nanos, isOpen);
        }
    }

    // ---- kernel

    /** As {@code sun.nio.ch.Net.poll}, which may return early with nothing ready. */
    public static int poll(FileDescriptor descriptor, int events, long millis) throws IOException {
        return poll(POLL, descriptor, events, millis);
    }

    /**
     * Waits for a datagram before a buffer is allocated for it that no image can carry.
     *
     * @param nanos how long to wait at most, 0 for ever
     */
    public static void awaitDatagram(FileDescriptor descriptor, long nanos) throws IOException {
        if (VirtualThreads.isVirtual(Thread.currentThread())) {
            // Where one waits, it gives the buffer back before.
            return;
        }
        long start = System.nanoTime();
        long millis = nanos == 0 ? -1 : Math.max(1, nanos / NANOS_PER_MILLI);
        int ready = poll(AWAIT_DATAGRAM, descriptor, KernelCalls.POLLIN, millis);
        if (ready == 0 && nanos > 0 && System.nanoTime() - start >= nanos) {
            throw new SocketTimeoutException("Receive timed out");
        }
    }

    private static int poll(String leaf, FileDescriptor descriptor, int events, long millis) throws IOException {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            return KernelCalls.poll(descriptor, events, millis);
        }
        FrameRecord again = reenter(slot, leaf);
        if (again == null) {
            return pollOnce(slot, leaf, descriptor, events, millis, millis);
        }
        Safepoint.arriveAndAwaitRelease(slot);
        FileDescriptor known = (FileDescriptor) again.reference(0);
        return known == null ? 0 : pollInTurns(slot, leaf, known, (int) again.primitive(1), again.primitive(0));
    }

    /**
     * Polls for what a captured thread waited for. A thread that closes the descriptor does not know this one by its native id,
     * as it would without a checkpoint, and does not wake it.
     */
    private static int pollInTurns(ThreadSlot slot, String leaf, FileDescriptor descriptor, int events, long millis)
            throws IOException {
        long start = System.nanoTime();
        while (true) {
            long left = millis < 0 ? millis : Math.max(0, millis - (System.nanoTime() - start) / NANOS_PER_MILLI);
            int ready = pollOnce(
                    slot, leaf, descriptor, events, left < 0 ? TURN_MILLIS : Math.min(left, TURN_MILLIS), left);
            if (ready != 0 || left == 0 || !descriptor.valid()) {
                return ready;
            }
        }
    }

    private static int pollOnce(
            ThreadSlot slot, String leaf, FileDescriptor descriptor, int events, long millis, long left)
            throws IOException {
        long start = System.nanoTime();
        KernelCalls.current();
        captureInKernel(slot, leaf, descriptor, left, events);
        int ready = KernelCalls.poll(descriptor, events, millis);
        if (ready == 0 && Safepoint.requested()) {
            long passed = (System.nanoTime() - start) / NANOS_PER_MILLI;
            captureInKernel(slot, leaf, descriptor, left < 0 ? left : Math.max(0, left - passed), events);
        }
        return ready;
    }

    /** As {@code sun.nio.ch.EPoll.wait}; whoever calls that calls again if it was interrupted by a signal. */
    public static int wait(int epoll, long events, int count, int millis) throws IOException {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (slot.managed && reenter(slot, EPOLL_WAIT) != null) {
            Safepoint.arriveAndAwaitRelease(slot);
            slot.selectsInTurns = true;
            return KernelCalls.INTERRUPTED;
        }
        if (!slot.managed || millis == 0) {
            return KernelCalls.epollWait(epoll, events, count, millis);
        }
        boolean inTurns = slot.selectsInTurns && (millis < 0 || millis > TURN_MILLIS);
        KernelCalls.current();
        try {
            captureInKernel(slot, EPOLL_WAIT, null, 0, 0);
            int ready = KernelCalls.epollWait(epoll, events, count, inTurns ? TURN_MILLIS : millis);
            if (ready == KernelCalls.INTERRUPTED) {
                captureInKernel(slot, EPOLL_WAIT, null, 0, 0);
            }
            if (inTurns && ready == 0) {
                return ForeignThread.isInterrupted(slot.thread) ? 0 : KernelCalls.INTERRUPTED;
            }
            slot.selectsInTurns = ready == KernelCalls.INTERRUPTED && inTurns;
            return ready;
        } finally {
            slot.leaveKernel();
        }
    }

    /** Waits until a read from standard input does not block. Called before {@code stream} is read from. */
    public static void awaitInput(@Nullable FileInputStream stream) throws IOException {
        // There is no stream when the call is repeated for a rebuild.
        if (stream != null && !isStandardInput(stream.getFD())) {
            return;
        }
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            return;
        }
        FrameRecord again = reenter(slot, AWAIT_INPUT);
        FileInputStream input = again == null ? stream : (FileInputStream) again.reference(0);
        if (again != null) {
            Safepoint.arriveAndAwaitRelease(slot);
        }
        if (input != null) {
            awaitInput(slot, input);
        }
    }

    private static void awaitInput(ThreadSlot slot, FileInputStream input) throws IOException {
        FileDescriptor descriptor = input.getFD();
        // A signal would have to meet the carrier.
        long turn = slot.isVirtual ? TURN_MILLIS : -1;
        boolean ready = false;
        while (!ready) {
            KernelCalls.current();
            try {
                captureInKernel(slot, AWAIT_INPUT, input, 0, 0);
                ready = KernelCalls.poll(descriptor, KernelCalls.POLLIN, turn) != 0 || !descriptor.valid();
                if (!ready) {
                    captureInKernel(slot, AWAIT_INPUT, input, 0, 0);
                }
            } finally {
                slot.leaveKernel();
            }
        }
    }

    private static boolean isStandardInput(FileDescriptor descriptor) {
        return SharedSecrets.getJavaIOFileDescriptorAccess().get(descriptor) == 0;
    }

    private static void captureInKernel(
            ThreadSlot slot, String leaf, @Nullable Object reference, long left, int events) {
        if (!Safepoint.requested() || slot.busy || slot.unwinding()) {
            return;
        }
        if (!Safepoint.capture(slot, leaf, null)) {
            slot.refusedInKernel(Safepoint.stop());
            return;
        }
        slot.leaveKernel();
        FrameRecord frame = slot.enterUnwoundFrame();
        frame.add(left);
        frame.add((long) events);
        frame.add(reference);
        throw CaptureSignal.INSTANCE;
    }

    // ---- checkpoint

    /**
     * Asks the agent for a checkpoint and waits for it; the handler of {@link Control}. The name of the leaf is that of
     * {@link Control#checkpoint}, which is what the program calls.
     *
     * @param suspend 1 to end this JVM once the image is complete, 0 to go on
     * @return {@link Control#CHECKPOINTED} in this JVM, {@link Control#RESTORED} in one that resumed the image
     * @throws Control.Refusal if there is no image
     */
    public static int checkpoint(int suspend) {
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (!slot.managed) {
            throw new Control.Refusal(
                    "cannot take a checkpoint from thread \""
                            + Thread.currentThread().getName()
                            + "\", which is no thread of the program that can be captured; ask from one that is",
                    List.of());
        }
        if (reenter(slot, CHECKPOINT) != null) {
            Safepoint.arriveAndAwaitRelease(slot);
        } else {
            slot.request = CheckpointRequests.add(slot.thread, suspend != 0);
        }
        CheckpointRequest request = slot.request;
        if (request == null) {
            return Control.RESTORED;
        }
        while (!request.isAnswered()) {
            awaitAnswer(slot, request);
            captureIfRequested(slot, CHECKPOINT, null, 0, PENDING);
        }
        slot.request = null;
        return request.outcome();
    }

    /** An interrupt is kept for the program, but would keep the thread from parking. */
    private static void awaitAnswer(ThreadSlot slot, CheckpointRequest request) {
        slot.enterLeaf(true);
        boolean interrupted = false;
        try {
            captureIfRequested(slot, CHECKPOINT, null, 0, PENDING);
            interrupted = Thread.interrupted();
            if (request.isAnswered()) {
                return;
            }
            if (slot.isVirtual) {
                VirtualThreads.park();
            } else {
                Unsafe.getUnsafe().park(false, 0);
            }
        } finally {
            slot.leaveLeaf(false);
            if (interrupted) {
                ForeignThread.interrupt(slot.thread);
            }
        }
    }

    /** Whether the current thread is in {@link #checkpoint} only because its stack is being rebuilt. */
    static boolean reentersCheckpoint() {
        FrameRecord next = ThreadTable.of(Thread.currentThread()).nextFrame();
        return next != null && isCheckpoint(next);
    }

    /** Whether the thread waits in {@link #checkpoint}. */
    static boolean isCheckpoint(ThreadRecord thread) {
        return thread.depth() > 0 && isCheckpoint(thread.frame(thread.depth() - 1));
    }

    private static boolean isCheckpoint(FrameRecord frame) {
        return frame.owner() == Leaves.class && frame.method().equals(CHECKPOINT);
    }

    // ---- shared

    /** What a thread did whose top frame is this leaf; see {@link ThreadRecord#state}. */
    static String state(FrameRecord leaf) {
        String method = leaf.method();
        if (method.startsWith("sleep(")) {
            return "TIMED_WAITING (sleeping)";
        }
        if (isCheckpoint(leaf)) {
            return "WAITING (for a checkpoint)";
        }
        String how = leaf.primitive(0) == FOREVER ? "WAITING" : "TIMED_WAITING";
        return how + (method.startsWith("park(") ? " (parking)" : " (on object monitor)");
    }

    /** The record of the leaf that is called again, or {@code null} if the program calls it. */
    private static @Nullable FrameRecord reenter(ThreadSlot slot, String leaf) {
        FrameRecord next = slot.nextFrame();
        if (next == null
                || next.owner() != Leaves.class
                || !next.method().equals(leaf)
                || !RebuiltCaller.leadsHere(slot, null)) {
            return null;
        }
        FrameRecord frame = slot.enterRebuiltFrame();
        slot.leaveTopFrame();
        return frame;
    }

    /** Makes a wait that was saved pending return when it is called again. */
    static void endWait(FrameRecord wait) {
        if (wait.primitive(1) == PENDING) {
            wait.primitive(1, RETURNING);
        }
    }

    private static int outcome(boolean interrupted, boolean woken) {
        if (!interrupted) {
            return RETURNING;
        }
        return woken ? PENDING : INTERRUPTED;
    }

    private static void captureIfRequested(
            ThreadSlot slot, String leaf, @Nullable Object monitor, long left, int outcome) {
        if (!Safepoint.requested() || slot.busy || slot.unwinding() || !Safepoint.capture(slot, leaf, monitor)) {
            return;
        }
        FrameRecord frame = slot.enterUnwoundFrame();
        frame.add(left);
        frame.add(outcome);
        frame.add(monitor);
        throw CaptureSignal.INSTANCE;
    }

    private static boolean endedBefore(FrameRecord again) throws InterruptedException {
        int outcome = (int) again.primitive(1);
        throwIfInterrupted(outcome);
        return outcome == RETURNING;
    }

    private static void throwIfInterrupted(int outcome) throws InterruptedException {
        if (outcome == INTERRUPTED) {
            throw new InterruptedException();
        }
    }

    private static long toNanos(long millis) {
        return millis > Long.MAX_VALUE / NANOS_PER_MILLI ? Long.MAX_VALUE : millis * NANOS_PER_MILLI;
    }

    private static long plus(long nanos, int more) {
        return nanos > Long.MAX_VALUE - more ? Long.MAX_VALUE : nanos + more;
    }
}
