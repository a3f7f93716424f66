package dev.ingot.store;

/** What a sweep deleted: pieces that no image has any more, and images that nobody brought to their end. */
public record Sweep(int pieces, long bytes, int unfinishedImages) {}
