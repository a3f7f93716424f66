package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Whether a thread's stack has room for its frames to be rebuilt where they were.
 *
 * <p>Code that is rebuilt is run by the interpreter first, then by the quicker of the two compilers, and the frames of both take up to
 * ten times the room of those that the slower one made. What they take is an estimate; so is what is left to the JVM and to the
 * runtime, which look at the stack from above each frame. Thread-safe.
 */
final class StackRoom {
    /** The pages by which HotSpot notices an overflow, and what runs on top of the highest frame. */
    private static final long RESERVED_BYTES = 160 << 10;

    /** What fits on any stack: a thread that asks for less than HotSpot can do with is given more. */
    private static final long SURE_BYTES = 32 << 10;

    /** What HotSpot gives a thread unless it is told, at the least of the platforms it runs on. */
    private static volatile long defaultBytes = 1 << 20;

    private static final MethodHandle REQUESTED_BYTES = requestedBytes();

    private StackRoom() {}

    /** Says how large the stacks are of threads that were made without a size of their own, in bytes. */
    static void setDefault(long bytes) {
        defaultBytes = bytes;
    }

    /** Whether frames that take {@code bytes} when they are rebuilt fit on the stack of {@code thread}. */
    static boolean fits(Thread thread, long bytes) {
        return bytes <= Math.max(SURE_BYTES, bytesOf(thread) - RESERVED_BYTES);
    }

    /** As {@link #fits}, for a thread that was made without a size of its own. */
    static boolean fitsDefault(long bytes) {
        return bytes <= Math.max(SURE_BYTES, defaultBytes - RESERVED_BYTES);
    }

    static long bytesToRebuild(FrameRecord frame) {
        ClassSites sites = frame.hasOwner() ? SiteTable.find(frame.owner()) : null;
        ClassSites.MethodSites method = sites == null ? null : sites.find(frame.method());
        return method == null ? 0 : method.rebuiltBytes;
    }

    private static long bytesOf(Thread thread) {
        if (VirtualThreads.isVirtual(thread)) {
            // It runs on the stack of a carrier.
            return defaultBytes;
        }
        try {
            long requested = (long) REQUESTED_BYTES.invokeExact(thread);
            return requested > 0 ? requested : defaultBytes;
        } catch (Throwable e) {
            throw new IllegalStateException("a field of java.lang.Thread cannot be read", e);
        }
    }

    /** Since JDK 19 an object of its own holds what only platform threads have. */
    private static MethodHandle requestedBytes() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            for (Class<?> nested : Thread.class.getDeclaredClasses()) {
                if (nested.getSimpleName().equals("FieldHolder")) {
                    MethodHandle holder = lookup.findGetter(Thread.class, "holder", nested);
                    MethodHandle size = lookup.in(nested).findGetter(nested, "stackSize", long.class);
                    return MethodHandles.filterReturnValue(holder, size)
                            .asType(MethodType.methodType(long.class, Thread.class));
                }
            }
            return lookup.findGetter(Thread.class, "stackSize", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
