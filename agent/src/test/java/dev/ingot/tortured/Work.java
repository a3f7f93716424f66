package dev.ingot.tortured;

/** Something to compute, in a loop that can be interrupted by a capture at any step. */
final class Work {
    private Work() {}

    static long steps(int seed, int steps) {
        long value = seed;
        for (int i = 0; i < steps; i++) {
            value = value * 6364136223846793005L + (value >>> 17) + i;
        }
        return value;
    }
}
