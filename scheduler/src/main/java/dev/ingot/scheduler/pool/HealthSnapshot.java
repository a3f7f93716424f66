package dev.ingot.scheduler.pool;

import java.util.List;

/**
 * What the core knows of a node's health.
 *
 * @param strikes lately, oldest first
 * @param quarantines how often it was kept from taking workloads, unless that is long ago
 * @param quarantinedUntil 0 if it is not
 */
public record HealthSnapshot(List<Strike> strikes, int quarantines, long quarantinedUntil) {
    /** Of a node that nothing speaks against. */
    public static final HealthSnapshot GOOD = new HealthSnapshot(List.of(), 0, 0);

    public HealthSnapshot {
        strikes = List.copyOf(strikes);
    }
}
