package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node can be trusted with workloads: in which {@link HealthState} it is, and what speaks against it. Confined to the core's writer.
 *
 * <h2>What counts</h2>
 *
 * <em>Strikes</em> are what happened: losses of the node and failures of programs on it. Three losses within an hour, or three different programs
 * within ten minutes, are too many; on probation one loss, or two programs. Programs count, not workloads, so that one that crashes everywhere does not
 * condemn the nodes it crashes on. A node that ends by itself and empty, or while the pool is closed, is not lost through its own fault. Probation
 * begins without strikes.
 *
 * <p><em>Findings</em> are what probes find now. They make a node suspect at once; what a probe of the node itself finds for two minutes, with or
 * without gaps too short to clear it, has it quarantined. That beats come late is only ever a suspicion: if they stay away, the node is lost.
 *
 * <h2>Flapping</h2>
 *
 * A suspect is cleared five seconds after the last finding, and twice as long for each time that it became suspect within the last hour. A
 * quarantine takes ten minutes, and twice as long each time that it comes to one again within a day; so does the probation behind it, which begins
 * anew with each finding.
 */
final class NodeHealth {
    private static final long SECOND = 1000;
    private static final long MINUTE = 60 * SECOND;
    private static final long LOSSES_WITHIN = 60 * MINUTE;
    private static final long FAILURES_WITHIN = 10 * MINUTE;
    private static final long SUSPICIONS_WITHIN = 60 * MINUTE;
    private static final long FIRST_CLEARANCE = 5 * SECOND;
    private static final long PERSISTENT_AFTER = 2 * MINUTE;
    private static final long FIRST_QUARANTINE = 10 * MINUTE;
    private static final long FORGIVEN_AFTER = 24 * 60 * MINUTE;
    private static final int MOST_DOUBLINGS = 7;
    private static final int ENOUGH = 3;
    private static final int ENOUGH_LOSSES_ON_PROBATION = 1;
    private static final int ENOUGH_PROGRAMS_ON_PROBATION = 2;
    private static final String LOSS = "";

    private final List<Strike> strikes = new ArrayList<>();
    private final List<Long> suspicions = new ArrayList<>();
    private final Map<Probe, String> findings = new EnumMap<>(Probe.class);
    private final Map<Probe, String> visibleFindings = Collections.unmodifiableMap(findings);
    private final Set<Probe> pardoned = EnumSet.noneOf(Probe.class);
    private HealthState state;
    private int quarantines;
    private long until;
    private long troubledSince;
    private boolean evacuated;

    NodeHealth(HealthSnapshot snapshot) {
        state = snapshot.state();
        until = snapshot.until();
        troubledSince = snapshot.troubledSince();
        strikes.addAll(snapshot.strikes());
        quarantines = snapshot.quarantines();
        suspicions.addAll(snapshot.suspicions());
        findings.putAll(snapshot.findings());
        pardoned.addAll(snapshot.pardoned());
        evacuated = snapshot.evacuated();
    }

    HealthSnapshot snapshot() {
        return new HealthSnapshot(
                state, until, troubledSince, strikes, quarantines, suspicions, findings, pardoned, evacuated);
    }

    /* ---- What happens ---- */

    /** @param counts whether it was lost through a fault of its own */
    void lost(long now, boolean counts) {
        findings.clear();
        pardoned.clear();
        troubledSince = 0;
        transition(now, HealthSignal.LOST);
        if (counts) {
            strike(now, LOSS);
        }
    }

    void failed(long now, String program) {
        strike(now, program);
    }

    private void strike(long now, String program) {
        long newest = strikes.isEmpty() ? now : strikes.get(strikes.size() - 1).at();
        if (now - newest > FORGIVEN_AFTER) {
            quarantines = 0;
        }
        strikes.add(new Strike(now, program));
        strikes.removeIf(old -> now - old.at() > LOSSES_WITHIN);
        // Of the same program only the newest counts, so the list stays short.
        strikes.removeIf(old -> !old.program().equals(LOSS) && old.program().equals(program) && old.at() < now);
    }

    /** What its probes find now, all of it. */
    void find(long now, Map<Probe, String> found) {
        findings.clear();
        findings.putAll(found);
        pardoned.retainAll(findings.keySet());
        if (isFaulty() && troubledSince == 0) {
            troubledSince = now;
        } else if (!isFaulty() && state != HealthState.SUSPECT) {
            troubledSince = 0;
        }
        if (state == HealthState.SUSPECT) {
            until = isTroubled() ? 0 : now + clearance();
        } else if (state == HealthState.PROBATION) {
            until = now + term();
        }
    }

    private boolean counts(Probe probe) {
        return !pardoned.contains(probe);
    }

    /* ---- What follows ---- */

    /** What time and findings lead to now; null if to nothing. */
    @Nullable HealthSignal due(long now) {
        if (state != HealthState.QUARANTINED && complaint(now) != null) {
            return HealthSignal.FAILED;
        }
        boolean over = until > 0 && until <= now;
        return switch (state) {
            case HEALTHY -> isTroubled() ? HealthSignal.FOUND : null;
            case SUSPECT -> hasPersisted(now) ? HealthSignal.PERSISTED : over ? HealthSignal.CLEARED : null;
            case QUARANTINED ->
                over && isFaulty() ? HealthSignal.PERSISTED : over && !isTroubled() ? HealthSignal.OVER : null;
            case PROBATION ->
                hasPersisted(now) ? HealthSignal.PERSISTED : over && !isTroubled() ? HealthSignal.OVER : null;
        };
    }

    /** When time alone leads to something next; {@link Long#MAX_VALUE} for never. */
    long next(long now) {
        long next = until > now ? until : Long.MAX_VALUE;
        boolean mayPersist = state == HealthState.SUSPECT || state == HealthState.PROBATION;
        if (mayPersist && isFaulty() && troubledSince + PERSISTENT_AFTER > now) {
            next = Math.min(next, troubledSince + PERSISTENT_AFTER);
        }
        return next;
    }

    private boolean hasPersisted(long now) {
        return isFaulty() && now - troubledSince >= PERSISTENT_AFTER;
    }

    /** Every change of its state, and what begins with it. */
    void transition(long now, HealthSignal signal) {
        HealthState before = state;
        state = before.on(signal);
        switch (state) {
            case HEALTHY -> {
                until = 0;
                evacuated = false;
                if (!isTroubled()) {
                    troubledSince = 0;
                }
            }
            case SUSPECT -> {
                if (before != state) {
                    suspicions.add(now);
                    suspicions.removeIf(at -> now - at > SUSPICIONS_WITHIN);
                    until = 0;
                }
            }
            case QUARANTINED -> {
                if (signal == HealthSignal.FAILED || signal == HealthSignal.PERSISTED) {
                    evacuated = signal == HealthSignal.PERSISTED;
                    until = now + (FIRST_QUARANTINE << Math.min(quarantines, MOST_DOUBLINGS));
                    quarantines++;
                    strikes.clear();
                }
            }
            case PROBATION -> {
                if (before != state) {
                    evacuated = false;
                    troubledSince = 0;
                    // What happened before, or while it was quarantined, is what it was quarantined for.
                    strikes.clear();
                    until = now + term();
                }
            }
        }
    }

    /** How long the newest quarantine was, and the probation behind it is. */
    private long term() {
        return FIRST_QUARANTINE << Math.min(Math.max(0, quarantines - 1), MOST_DOUBLINGS);
    }

    private long clearance() {
        return FIRST_CLEARANCE << Math.min(Math.max(0, suspicions.size() - 1), MOST_DOUBLINGS);
    }

    /** A user trusts it, whatever is known against it. */
    void pardon(long now) {
        pardoned.addAll(findings.keySet());
        quarantines = 0;
        suspicions.clear();
        strikes.clear();
        transition(now, HealthSignal.PARDONED);
        troubledSince = 0;
    }

    /* ---- What can be seen ---- */

    /** What has happened on it too often; null if nothing. */
    @Nullable String complaint(long now) {
        boolean probation = state == HealthState.PROBATION;
        long losses = strikes.stream()
                .filter(strike -> strike.program().equals(LOSS) && now - strike.at() <= LOSSES_WITHIN)
                .count();
        List<String> failed = strikes.stream()
                .filter(strike -> !strike.program().equals(LOSS) && now - strike.at() <= FAILURES_WITHIN)
                .map(Strike::program)
                .distinct()
                .toList();
        if (losses >= (probation ? ENOUGH_LOSSES_ON_PROBATION : ENOUGH)) {
            return losses == 1
                    ? "it was lost once more while it was on probation"
                    : "it was lost " + losses + " times within an hour";
        }
        return failed.size() >= (probation ? ENOUGH_PROGRAMS_ON_PROBATION : ENOUGH)
                ? failed.size() + " programs failed on it within ten minutes: " + String.join(", ", failed)
                : null;
    }

    /** What was found, in words. */
    String found() {
        return findings.entrySet().stream()
                .filter(each -> counts(each.getKey()))
                .map(each -> each.getKey().text() + ": " + each.getValue())
                .collect(Collectors.joining("; "));
    }

    Map<Probe, String> findings() {
        return visibleFindings;
    }

    HealthState state() {
        return state;
    }

    /** Whether anything is found that counts. */
    boolean isTroubled() {
        for (Probe probe : findings.keySet()) {
            if (counts(probe)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a probe of the node itself finds anything that counts. */
    private boolean isFaulty() {
        for (Probe probe : findings.keySet()) {
            if (probe != Probe.HEARTBEAT && counts(probe)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what the node has is to move away. */
    boolean isEvacuated() {
        return evacuated;
    }

    /** Whether time, or what other nodes do, may change something of it. */
    boolean isAttended() {
        return state != HealthState.HEALTHY || isTroubled();
    }

    /** How many more workloads a node may take that has so many. */
    int mayTake(int workloads) {
        return switch (state) {
            case HEALTHY -> Integer.MAX_VALUE;
            case SUSPECT, QUARANTINED -> 0;
            case PROBATION -> isTroubled() || workloads > 0 ? 0 : 1;
        };
    }

    /** When it is over that it is quarantined or on probation, or a suspect is cleared; 0 if time alone does nothing of that. */
    long until() {
        return until;
    }
}
