package dev.ingot.accelerator.operation;

/** The forms in which an operation can be given to a device. */
public enum KernelFormat {
    /** The reference of its contract. */
    JAVA,
    /** OpenCL C 1.2; see {@link Operation} for what the kernel looks like. */
    OPENCL_C
}
