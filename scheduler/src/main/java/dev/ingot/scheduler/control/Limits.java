package dev.ingot.scheduler.control;

import dev.ingot.scheduler.access.RequestLimit;

/**
 * How often may be asked at the pool's port.
 *
 * @param clients for each tenant, or somebody who belongs to none
 * @param strangers for each address whose requests prove nothing; there is nothing else to know them by
 */
public record Limits(RequestLimit clients, RequestLimit strangers) {
    /** What no honest client meets. */
    public static Limits usual() {
        return new Limits(new RequestLimit(100, 300), new RequestLimit(10, 60));
    }
}
