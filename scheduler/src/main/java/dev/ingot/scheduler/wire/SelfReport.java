package dev.ingot.scheduler.wire;

import dev.ingot.scheduler.pool.Probe;
import java.util.Map;

/**
 * What a node says of itself in a beat.
 *
 * @param findings what its probes find now, and what of it
 * @param workNanos how long a little work has just taken its processor; 0 where there is nothing new to tell
 */
public record SelfReport(Map<Probe, String> findings, long workNanos) {
    /** Of a node that nothing speaks against, as far as it knows. */
    public static final SelfReport WELL = new SelfReport(Map.of(), 0);

    public SelfReport {
        findings = Map.copyOf(findings);
    }
}
