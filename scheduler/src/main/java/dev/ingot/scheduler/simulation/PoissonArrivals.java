package dev.ingot.scheduler.simulation;

import java.util.Random;

/** Arrivals that know nothing of each other: the gaps between them are exponentially distributed. Used by one thread. */
final class PoissonArrivals {
    private final Random random;
    private final double gapMillis;
    private double at;

    /**
     * As many as bring so much work to so many devices.
     *
     * @param work of all together, in milliseconds of a device
     * @param load of the devices while arrivals last; 1 is as much as they can do
     */
    PoissonArrivals(Random random, int count, double work, double devices, double load) {
        this.random = random;
        this.gapMillis = work / devices / load / count;
    }

    /** When the next one comes, in milliseconds. */
    long next() {
        at -= Math.log(1 - random.nextDouble()) * gapMillis;
        return (long) at;
    }
}
