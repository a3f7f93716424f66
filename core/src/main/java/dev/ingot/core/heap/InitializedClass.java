package dev.ingot.core.heap;

/**
 * A program class that was initialised when the image was taken: its static initialiser must not run again.
 *
 * @param loaderKey {@code boot}, {@code platform}, {@code app}, or the key that {@link RestoreListener#loaderRestored} tells
 */
public record InitializedClass(String loaderKey, String name) {}
