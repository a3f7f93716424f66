package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;

/**
 * A node as it was at one instant.
 *
 * @param devices of which kinds its accelerators are
 * @param health how far it is trusted
 * @param healthUntil when a time of quarantine or probation is over, or a suspect is cleared; 0 if time alone does nothing of that
 * @param findings what probes find now, and what of it
 */
public record NodeView(
        String name,
        String incarnation,
        boolean alive,
        boolean cordoned,
        Resources capacity,
        NodeDevices devices,
        Location location,
        Resources used,
        int workloads,
        HealthState health,
        long healthUntil,
        Map<Probe, String> findings) {
    public NodeView {
        findings = Map.copyOf(findings);
    }

    /** All that {@link #condition} may be. */
    public static final List<String> CONDITIONS =
            List.of("ready", "cordoned", "suspect", "quarantined", "probation", "lost");

    /** In one word, whether it takes workloads, and else why not. */
    public String condition() {
        if (!alive) {
            return "lost";
        } else if (cordoned) {
            return "cordoned";
        }
        return health == HealthState.HEALTHY ? "ready" : health.text();
    }

    /** Until when it takes no workloads, because it failed; 0 if that is not so. */
    public long quarantinedUntil() {
        return health == HealthState.QUARANTINED ? healthUntil : 0;
    }
}
