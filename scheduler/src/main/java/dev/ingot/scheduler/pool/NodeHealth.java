package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node can be trusted with workloads. Confined to the core's writer.
 *
 * <pre>
 *   good -> quarantined   by three losses within an hour, or three different programs that failed there within ten minutes
 *   quarantined -> good   after ten minutes, and twice as long each time it comes to that again within a day; or by a user
 * </pre>
 *
 * <p>Programs count, not workloads, so that one that crashes everywhere does not condemn the nodes it crashes on.
 */
final class NodeHealth {
    private static final long MINUTE = 60_000;
    private static final long LOSSES_WITHIN = 60 * MINUTE;
    private static final long FAILURES_WITHIN = 10 * MINUTE;
    private static final long FIRST_QUARANTINE = 10 * MINUTE;
    private static final long FORGIVEN_AFTER = 24 * 60 * MINUTE;
    private static final int MOST_DOUBLINGS = 7;
    private static final int ENOUGH = 3;
    private static final String LOSS = "";

    private final List<Strike> strikes = new ArrayList<>();
    private int quarantines;
    private long until;

    NodeHealth(HealthSnapshot snapshot) {
        strikes.addAll(snapshot.strikes());
        quarantines = snapshot.quarantines();
        until = snapshot.quarantinedUntil();
    }

    HealthSnapshot snapshot() {
        return new HealthSnapshot(strikes, quarantines, until);
    }

    void lost(long now) {
        strike(now, LOSS);
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

    /** Why it is not to be trusted now; null if it is. */
    @Nullable String complaint(long now) {
        long losses =
                strikes.stream().filter(strike -> strike.program().equals(LOSS)).count();
        List<String> failed = strikes.stream()
                .filter(strike -> !strike.program().equals(LOSS) && now - strike.at() <= FAILURES_WITHIN)
                .map(Strike::program)
                .distinct()
                .toList();
        if (losses >= ENOUGH) {
            return "it was lost " + losses + " times within an hour";
        }
        return failed.size() >= ENOUGH
                ? failed.size() + " programs failed on it within ten minutes: " + String.join(", ", failed)
                : null;
    }

    void quarantine(long now) {
        until = now + (FIRST_QUARANTINE << Math.min(quarantines, MOST_DOUBLINGS));
        quarantines++;
        strikes.clear();
    }

    /** It takes workloads again; {@code forgiven} if a user says so. */
    void release(boolean forgiven) {
        until = 0;
        if (forgiven) {
            quarantines = 0;
            strikes.clear();
        }
    }

    boolean isQuarantined() {
        return until > 0;
    }

    long until() {
        return until;
    }
}
