package dev.ingot.core.control;

import java.nio.file.Path;
import java.time.Duration;

/**
 * An image that is complete and durable.
 *
 * @param bytes on disk
 * @param pause how long the program stood still; for a suspend, until the image was complete
 */
public record TakenImage(Path directory, String id, long sequence, long bytes, Duration pause) {}
