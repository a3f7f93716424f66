package dev.ingot.scheduler.pool;

/** Exponential decay, the same on every machine. */
final class Decay {
    private Decay() {}

    /** What is left of one after {@code millis}. */
    static double factor(long millis, double halfLifeMillis) {
        return millis <= 0 ? 1 : StrictMath.pow(0.5, millis / halfLifeMillis);
    }
}
