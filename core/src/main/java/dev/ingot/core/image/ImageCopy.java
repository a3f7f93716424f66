package dev.ingot.core.image;

import java.nio.file.Path;

/**
 * What bringing an image into a store did.
 *
 * @param image where it is now
 * @param changed false if it had been there before
 * @param movedBytes of the pack that came from the other place
 * @param reusedBytes of the pack that were in the store already
 */
public record ImageCopy(Path image, boolean changed, long movedBytes, long reusedBytes) {}
