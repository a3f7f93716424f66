package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.operation.Determinism;

/**
 * How a device has an operation.
 *
 * @param operation the identity, such as {@code gemm.f32@1}
 * @param determinism how far its results agree with those of other devices
 * @param grain the device begins and ends ranges of items at multiples of this, except for the last one; 1 where any item will do
 */
public record OperationSupport(String operation, Determinism determinism, long grain) {
    public OperationSupport {
        if (grain < 1) {
            throw new IllegalArgumentException("grain of " + operation + " must be at least 1, not " + grain);
        }
    }
}
