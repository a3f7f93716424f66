package dev.ingot.scheduler.pool;

/** Why a workload is suspended for another one. */
public enum Preemption {
    /** The other one stands better. */
    STRONGER,
    /** It is beyond what its gang needs, which is lent to all of its tier. */
    LENT,
    /** The other one, of the same tenant, has had less. */
    LESS_SERVED,
    /** It is another tenant's turn. */
    TURN;

    static Preemption of(Workload victim, Workload preemptor) {
        if (victim.standing != preemptor.standing) {
            return STRONGER;
        } else if (Planner.isLent(victim, preemptor)) {
            return LENT;
        }
        return victim.spec.tenant().equals(preemptor.spec.tenant()) ? LESS_SERVED : TURN;
    }

    String reason(Workload preemptor) {
        return switch (this) {
            case STRONGER, LENT -> "makes room for " + preemptor.id + " (" + preemptor.standing + ")";
            case LESS_SERVED -> "makes room for " + preemptor.id + ", which has had less";
            case TURN -> "tenant " + preemptor.spec.tenant() + " takes its turn with " + preemptor.id;
        };
    }
}
