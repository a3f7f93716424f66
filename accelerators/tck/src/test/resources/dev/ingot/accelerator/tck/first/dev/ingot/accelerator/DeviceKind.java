package dev.ingot.accelerator;

/** What a device is. A device reports what it is, not the interface it is reached by: a CPU behind a GPU interface is a CPU. */
public enum DeviceKind {
    /** A general processor. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** Configurable logic; loading an operation may mean to reconfigure it. */
    FPGA,
    /** Fixed functions. */
    ASIC,
    /** An engine that runs whole graphs of operations. */
    GRAPH_ENGINE,
    /** Anything else. */
    OTHER
}
