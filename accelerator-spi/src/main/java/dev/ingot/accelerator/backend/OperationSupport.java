package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.operation.Determinism;
import org.jspecify.annotations.Nullable;

/**
 * How a device has an operation.
 *
 * @param operation the identity, such as {@code gemm.f32@1}
 * @param determinism how far its results agree with those of other devices
 * @param grain the device begins and ends ranges of items at multiples of this, except for the last one; 1 where any item will do
 * @param design the circuit that computes it, where a step of it can be stopped and gone on with by its {@link Registers}; null where
 *     it cannot
 */
public record OperationSupport(
        String operation,
        Determinism determinism,
        long grain,
        @Nullable String design) {
    public OperationSupport {
        if (grain < 1) {
            throw new IllegalArgumentException("grain of " + operation + " must be at least 1, not " + grain);
        }
    }

    /** An operation of which no register has a name. */
    public OperationSupport(String operation, Determinism determinism, long grain) {
        this(operation, determinism, grain, null);
    }

    /** Whether the device can go on from what the registers of this design are called. */
    public boolean takes(Registers registers) {
        return registers.isNamed() && registers.design().equals(design);
    }
}
