package dev.ingot.accelerator.backend;

import dev.ingot.accelerator.operation.Determinism;
import dev.ingot.accelerator.operation.Tolerance;
import org.jspecify.annotations.Nullable;

/**
 * How a device has an operation.
 *
 * @param operation the identity, such as {@code gemm.f32@1}
 * @param determinism how far its results agree with those of other devices
 * @param grain the device begins and ends ranges of items at multiples of this, except for the last one; 1 where any item will do
 * @param design the circuit that computes it, where a step of it can be stopped and gone on with by its {@link Registers}; null where
 *     it cannot
 * @param tolerance how far its floats are from what the contract says at most; {@link Tolerance#EXACT} where it is the same to the bit on
 *     any kind. Null if nothing is declared, which the conformance kit takes of none but {@link Determinism#NONE}
 */
public record OperationSupport(
        String operation,
        Determinism determinism,
        long grain,
        @Nullable String design,
        @Nullable Tolerance tolerance) {
    public OperationSupport {
        if (determinism == Determinism.BITWISE_ANY_KIND) {
            tolerance = Tolerance.EXACT;
        }
        if (grain < 1) {
            throw new IllegalArgumentException("grain of " + operation + " must be at least 1, not " + grain);
        }
    }

    /** An operation of which no register has a name. */
    public OperationSupport(String operation, Determinism determinism, long grain) {
        this(operation, determinism, grain, null, null);
    }

    /** An operation of which no register has a name, with a tolerance. */
    public OperationSupport(String operation, Determinism determinism, long grain, Tolerance tolerance) {
        this(operation, determinism, grain, null, tolerance);
    }

    /** An operation that is the same to the bit on any kind, or says not how far it is from its contract. */
    public OperationSupport(String operation, Determinism determinism, long grain, @Nullable String design) {
        this(operation, determinism, grain, design, null);
    }

    /** The promise, with how far results are from the contract where that is declared and not the same bits. */
    public String promise() {
        return tolerance == null || tolerance.equals(Tolerance.EXACT)
                ? determinism.toString()
                : determinism + " (within " + tolerance + " of the contract)";
    }

    /** Whether the device can go on from what the registers of this design are called. */
    public boolean takes(Registers registers) {
        return registers.isNamed() && registers.design().equals(design);
    }
}
