package dev.ingot.scheduler.forward;

import dev.ingot.scheduler.pool.ServicePort;
import org.jspecify.annotations.Nullable;

/**
 * A service that is to be reached.
 *
 * @param workload its id
 * @param target where new connections go; null where the program is nowhere, or about to leave
 * @param livingUntilNanos until when connections to {@code livingEpoch} may go on, by {@link System#nanoTime}
 * @param livingEpoch the epoch in which the program may run; connections to others are cut. 0 for none
 */
public record Forwarding(
        String workload, ServicePort port, @Nullable Target target, long livingEpoch, long livingUntilNanos) {
    String key() {
        return workload + "/" + port.name();
    }
}
