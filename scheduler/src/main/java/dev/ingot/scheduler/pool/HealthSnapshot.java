package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the core knows of a node's health.
 *
 * @param until when a time of quarantine or probation is over, or a suspect is cleared; 0 if time alone does nothing of that
 * @param troubledSince when a probe of the node found something that has not been cleared since; 0 if none has
 * @param strikes lately, oldest first
 * @param quarantines how often it was kept from taking workloads, unless that is long ago
 * @param suspicions when it became suspect within the last hour, oldest first
 * @param findings what probes find now, and what of it
 * @param pardoned of these, those of which a user has said that they are to count for nothing
 * @param evacuated whether it is quarantined for what a probe has found, so that what it has moves away
 */
public record HealthSnapshot(
        HealthState state,
        long until,
        long troubledSince,
        List<Strike> strikes,
        int quarantines,
        List<Long> suspicions,
        Map<Probe, String> findings,
        Set<Probe> pardoned,
        boolean evacuated) {
    /** Of a node that nothing speaks against. */
    public static final HealthSnapshot GOOD =
            new HealthSnapshot(HealthState.HEALTHY, 0, 0, List.of(), 0, List.of(), Map.of(), Set.of(), false);

    public HealthSnapshot {
        strikes = List.copyOf(strikes);
        suspicions = List.copyOf(suspicions);
        findings = Map.copyOf(findings);
        pardoned = Set.copyOf(pardoned);
    }
}
