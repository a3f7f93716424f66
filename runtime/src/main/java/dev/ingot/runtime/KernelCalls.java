package dev.ingot.runtime;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.BooleanSupplier;

/**
 * The JDK's native calls in which a thread blocks in the kernel.
 *
 * <p>The JDK brackets them so that a thread that closes a channel can wake those that use it: it sends them a signal that does
 * nothing but end a blocking call early, upon which the JDK polls and then calls again. A checkpoint wakes them the same way,
 * and the poll is a leaf. Woven code of the JDK calls {@link #current} where such a bracket opens and {@link #leave} where it
 * closes.
 */
public final class KernelCalls {
    /** What {@code EPoll.wait} returns if a signal ended it. */
    static final int INTERRUPTED = -3;

    private static final int UNAVAILABLE = -2;
    static final int POLLIN = 1;

    private KernelCalls() {}

    /** As {@code NativeThread.current}; the thread may be signalled from now on unless it is virtual, which has no native id. */
    public static long current() {
        long id = nativeId();
        ThreadSlot slot = ThreadTable.of(Thread.currentThread());
        if (slot.managed && !slot.isVirtual) {
            slot.enterKernel(id);
        }
        return id;
    }

    private static long nativeId() {
        try {
            return (long) Native.CURRENT.invokeExact();
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** Ends a native call in which a thread blocks, or does nothing. */
    static void signal(long id) {
        try {
            Native.SIGNAL.invokeExact(id);
        } catch (Throwable thrown) {
            throw unexpected(thrown);
        }
    }

    /** The thread is signalled no more. */
    public static void leave() {
        ThreadSlot slot = ThreadTable.find(Thread.currentThread());
        if (slot != null) {
            slot.leaveKernel();
        }
    }

    /** The result of a receive; JDK 25 takes one that a signal ended for one that is done. */
    public static int noData(int result) {
        return result == INTERRUPTED ? UNAVAILABLE : result;
    }

    static int poll(FileDescriptor descriptor, int events, long millis) throws IOException {
        try {
            return (int) Poll.HANDLE.invokeExact(descriptor, events, millis);
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    static int epollWait(int epoll, long events, int count, int millis) throws IOException {
        try {
            return (int) EpollWait.HANDLE.invokeExact(epoll, events, count, millis);
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /** As {@code sun.nio.ch.Poller.poll}. */
    static void awaitVirtually(int descriptor, int event, long nanos, BooleanSupplier isOpen) throws IOException {
        try {
            Poller.POLL.invokeExact(descriptor, event, nanos, isOpen);
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    /** As {@code sun.nio.ch.Poller.pollSelector}. */
    static void awaitSelectorVirtually(int descriptor, long nanos) throws IOException {
        try {
            SelectorPoller.POLL.invokeExact(descriptor, nanos);
        } catch (Throwable thrown) {
            throw rethrown(thrown);
        }
    }

    private static RuntimeException rethrown(Throwable thrown) throws IOException {
        if (thrown instanceof IOException failure) {
            throw failure;
        }
        return unexpected(thrown);
    }

    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(thrown);
    }

    private static MethodHandle find(String holder, String name, MethodType type) {
        try {
            Class<?> owner = Class.forName(holder, true, null);
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findStatic(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Native {
        private static final String HOLDER = "sun.nio.ch.NativeThread";
        static final MethodHandle CURRENT = find(HOLDER, "current", MethodType.methodType(long.class));
        static final MethodHandle SIGNAL = find(HOLDER, "signal", MethodType.methodType(void.class, long.class));

        private Native() {}
    }

    private static final class Poll {
        static final MethodHandle HANDLE = find(
                "sun.nio.ch.Net",
                "poll",
                MethodType.methodType(int.class, FileDescriptor.class, int.class, long.class));

        private Poll() {}
    }

    /** Since JDK 21. */
    private static final class Poller {
        private static final String HOLDER = "sun.nio.ch.Poller";
        static final MethodHandle POLL = find(
                HOLDER,
                "poll",
                MethodType.methodType(void.class, int.class, int.class, long.class, BooleanSupplier.class));

        private Poller() {}
    }

    /** Later than {@link Poller}. */
    private static final class SelectorPoller {
        static final MethodHandle POLL =
                find(Poller.HOLDER, "pollSelector", MethodType.methodType(void.class, int.class, long.class));

        private SelectorPoller() {}
    }

    /** Linux only. */
    private static final class EpollWait {
        static final MethodHandle HANDLE = find(
                "sun.nio.ch.EPoll",
                "wait",
                MethodType.methodType(int.class, int.class, long.class, int.class, int.class));

        private EpollWait() {}
    }
}
