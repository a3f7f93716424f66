package dev.ingot.scheduler.pool;

import java.util.Locale;

/**
 * How far a node is trusted with workloads. {@link #on} is the whole table of transitions; what it does not name leaves a node as it is.
 *
 * <pre>
 *                FOUND     CLEARED   PERSISTED     FAILED        OVER        LOST      PARDONED
 *   HEALTHY      SUSPECT                           QUARANTINED
 *   SUSPECT                HEALTHY   QUARANTINED   QUARANTINED               HEALTHY   HEALTHY
 *   QUARANTINED                      (anew)                      PROBATION             HEALTHY
 *   PROBATION                        QUARANTINED   QUARANTINED   HEALTHY               HEALTHY
 * </pre>
 */
public enum HealthState {
    /** It takes workloads. */
    HEALTHY,
    /** Something was found lately: it keeps what it has, and takes nothing new. */
    SUSPECT,
    /** It failed, or is faulty, for a while: it takes nothing new, and where a probe keeps finding something, what it has moves away. */
    QUARANTINED,
    /** It was quarantined before: it takes one workload at a time. */
    PROBATION;

    HealthState on(HealthSignal signal) {
        return switch (signal) {
            case FOUND -> this == HEALTHY ? SUSPECT : this;
            case CLEARED, LOST -> this == SUSPECT ? HEALTHY : this;
            case PERSISTED -> this == HEALTHY ? this : QUARANTINED;
            case FAILED -> QUARANTINED;
            case OVER -> this == QUARANTINED ? PROBATION : this == PROBATION ? HEALTHY : this;
            case PARDONED -> HEALTHY;
        };
    }

    /** As people write it, such as {@code suspect}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
