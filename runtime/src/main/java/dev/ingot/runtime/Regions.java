package dev.ingot.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The regions of a thread's execution that the program declared as not checkpointable. Each belongs to one thread. */
public final class Regions {
    private static final ThreadLocal<Region> INNERMOST = new ThreadLocal<>();
    private static final AtomicInteger OPEN = new AtomicInteger();

    private record Region(String reason, @Nullable Region outer) {}

    private Regions() {}

    /** Opens a region on the calling thread. Regions nest. */
    public static void enter(String reason) {
        INNERMOST.set(new Region(reason, INNERMOST.get()));
        OPEN.incrementAndGet();
    }

    /**
     * Closes the innermost region of the calling thread.
     *
     * @throws IllegalStateException if the thread is in no region
     */
    public static void leave() {
        Region left = INNERMOST.get();
        if (left == null) {
            INNERMOST.remove();
            throw new IllegalStateException(
                    "thread " + Thread.currentThread().getName() + " leaves a region that it did not enter");
        }
        if (left.outer == null) {
            // A captured thread is in no region; its map must not show that Ingot was there.
            INNERMOST.remove();
        } else {
            INNERMOST.set(left.outer);
        }
        OPEN.decrementAndGet();
    }

    /** Why the calling thread cannot be checkpointed now, or {@code null} if it is in no region. */
    static @Nullable String reason() {
        if (OPEN.get() == 0) {
            return null;
        }
        Region region = INNERMOST.get();
        if (region == null) {
            INNERMOST.remove();
            return null;
        }
        return region.reason;
    }
}
