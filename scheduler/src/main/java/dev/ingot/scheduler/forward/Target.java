package dev.ingot.scheduler.forward;

import java.net.InetSocketAddress;

/**
 * Where a service is now.
 *
 * @param epoch of the workload; connections belong to one epoch
 * @param address at which the program listens
 * @param untilNanos by {@link System#nanoTime}, until when the program may run there unless that is renewed
 */
public record Target(long epoch, InetSocketAddress address, long untilNanos) {
    boolean isOver(long nowNanos) {
        return nowNanos - untilNanos > 0;
    }

    boolean isSamePlace(Target other) {
        return epoch == other.epoch && address.equals(other.address);
    }
}
