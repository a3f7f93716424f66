package dev.ingot.accelerator.state;

import dev.ingot.accelerator.operation.Determinism;
import org.jspecify.annotations.Nullable;

/**
 * A device as an image has it, without what its buffers hold.
 *
 * @param role what the program has it for; null if it did not say
 * @param accepted the weakest promise about results that the program accepts; null if it accepts none but those it has
 * @param state whose buffers have no chunks
 */
public record ImageDevice(@Nullable String role, @Nullable Determinism accepted, DeviceState state) {}
