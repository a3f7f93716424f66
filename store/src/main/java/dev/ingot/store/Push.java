package dev.ingot.store;

/**
 * What bringing an image into a repository did.
 *
 * @param changed false if it had been there before
 * @param movedBytes of the pack that were stored
 * @param reusedBytes of the pack that were there already
 */
public record Push(boolean changed, long movedBytes, long reusedBytes) {}
