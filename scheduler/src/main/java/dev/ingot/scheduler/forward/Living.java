package dev.ingot.scheduler.forward;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One of those that serve at an entrance: the program of a workload, or of a member of a gang.
 *
 * @param workload its id
 * @param epoch in which it may run; connections to others of its epochs are cut. 0 for none
 * @param untilNanos until when it may run in that, by {@link System#nanoTime}
 * @param address where new connections go; null where it is nowhere, does not listen, or is about to leave
 */
public record Living(
        String workload,
        long epoch,
        long untilNanos,
        @Nullable InetSocketAddress address) {
    boolean isOver(long nowNanos) {
        return nowNanos - untilNanos > 0;
    }
}
