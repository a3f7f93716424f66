package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param address from which it comes, in numbers; null for the pool's socket
 */
public record Client(Identity who, @Nullable String address) {
    /** How the audit log calls the place from which it comes. */
    String from() {
        return address == null ? "socket" : address;
    }
}
