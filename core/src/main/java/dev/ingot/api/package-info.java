/**
 * What a program may say to Ingot: take a checkpoint now, not here, tell me before and after, leave this field out, save that
 * class in this way. None of it is needed; a program that knows nothing of Ingot is checkpointed just as well.
 *
 * <p>Everything is harmless in a JVM without Ingot's agent: what registers something does nothing, what asks for a checkpoint
 * fails with a {@link CheckpointException} that says so. {@link Ingot} is the way in.
 */
@NullMarked
package dev.ingot.api;

import org.jspecify.annotations.NullMarked;
