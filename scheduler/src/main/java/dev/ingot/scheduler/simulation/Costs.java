package dev.ingot.scheduler.simulation;

/**
 * What things take.
 *
 * @param startMillis from the order to start or resume until the program does its work
 * @param suspendMillis from the order to suspend until the room is free
 */
public record Costs(long startMillis, long suspendMillis) {}
