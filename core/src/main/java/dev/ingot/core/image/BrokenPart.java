package dev.ingot.core.image;

import java.nio.file.Path;

/** A place of an image whose bytes are not those that were written. */
public record BrokenPart(Path file, long offset, String what) {}
