package dev.ingot.scheduler.forward;

import java.time.Duration;

/**
 * What a forwarder bears.
 *
 * @param connections of one service at once, those that wait included
 * @param held of these, how many wait for a program that is nowhere
 * @param all of all services at once
 * @param grace how long a program that is to be suspended is waited for to answer what it was asked
 * @param quiet how long it must have written nothing for its answers to count as complete
 */
public record ForwardLimits(int connections, int held, int all, Duration grace, Duration quiet) {
    /** What serves well. */
    public static ForwardLimits usual() {
        return new ForwardLimits(1024, 256, 4096, Duration.ofSeconds(1), Duration.ofMillis(50));
    }
}
