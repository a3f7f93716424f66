package dev.ingot.accelerator.operation;

import org.jspecify.annotations.Nullable;

/** The forms in which an operation can be given to a device. */
public enum KernelFormat {
    /** The reference of its contract. */
    JAVA(Determinism.BITWISE_ANY_KIND, 1, Tolerance.EXACT),
    /** OpenCL C 1.2; see {@link Operation} for what the kernel looks like. */
    OPENCL_C(Determinism.BITWISE_ANY_KIND, 1, null),
    /** Code for NVIDIA's GPUs as text, with the same kernel; taken as it is, before a source in OpenCL C. */
    PTX(Determinism.BITWISE_ANY_KIND, 1, null),
    /**
     * What the slot of an FPGA is configured with. A simulated card's is a circuit in Verilog, of which it builds what it loads; the package
     * of that card says what the circuit must be like.
     */
    BITSTREAM(Determinism.BITWISE_ANY_KIND, 1, null),
    /**
     * A model of ONNX in base 64, whose items are rows of a batch. An engine chooses the order of its sums by the sizes it sees, so it
     * is always shown whole blocks of rows and agrees with itself alone.
     */
    ONNX(Determinism.BITWISE_SAME_BUILD, 64, new Tolerance(64, 1e-4f));

    private final Determinism strongest;
    private final long grain;

    @SuppressWarnings("ImmutableEnumChecker") // It is a record of numbers.
    private final @Nullable Tolerance tolerance;

    KernelFormat(Determinism strongest, long grain, @Nullable Tolerance tolerance) {
        this.strongest = strongest;
        this.grain = grain;
        this.tolerance = tolerance;
    }

    /** What a device can promise at most that has an operation in this form. */
    public Determinism strongest() {
        return strongest;
    }

    /**
     * How far results are from what the contract says, where the form itself determines that; null where it does not: then it is for
     * who wrote the kernel to say.
     */
    public @Nullable Tolerance tolerance() {
        return tolerance;
    }

    /** Ranges of items begin and end at multiples of this. */
    public long grain() {
        return grain;
    }
}
