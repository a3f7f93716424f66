package dev.ingot.accelerator.operation;

/** The forms in which an operation can be given to a device. */
public enum KernelFormat {
    /** The reference of its contract. */
    JAVA(Determinism.BITWISE_ANY_KIND, 1),
    /** OpenCL C 1.2; see {@link Operation} for what the kernel looks like. */
    OPENCL_C(Determinism.BITWISE_ANY_KIND, 1),
    /** Code for NVIDIA's GPUs as text, with the same kernel; taken as it is, before a source in OpenCL C. */
    PTX(Determinism.BITWISE_ANY_KIND, 1),
    /**
     * What the slot of an FPGA is configured with. A simulated card's is a circuit in Verilog, of which it builds what it loads; the package
     * of that card says what the circuit must be like.
     */
    BITSTREAM(Determinism.BITWISE_ANY_KIND, 1),
    /**
     * A model of ONNX in base 64, whose items are rows of a batch. An engine chooses the order of its sums by the sizes it sees, so it
     * is always shown whole blocks of rows and agrees with itself alone.
     */
    ONNX(Determinism.BITWISE_SAME_BUILD, 64);

    private final Determinism strongest;
    private final long grain;

    KernelFormat(Determinism strongest, long grain) {
        this.strongest = strongest;
        this.grain = grain;
    }

    /** What a device can promise at most that has an operation in this form. */
    public Determinism strongest() {
        return strongest;
    }

    /** Ranges of items begin and end at multiples of this. */
    public long grain() {
        return grain;
    }
}
