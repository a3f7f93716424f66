package dev.ingot.scheduler.pool;

import java.util.Locale;

/** What an accelerator is, in the order in which a node numbers those that it has of different kinds. */
public enum AcceleratorKind {
    /** Whatever it is: where nobody asks, or a node does not say. */
    ANY,
    /** None: processor cores that do its work. */
    CPU,
    /** A graphics processor. */
    GPU,
    /** Configurable logic. */
    FPGA,
    /** Fixed functions. */
    ASIC,
    /** An engine that runs whole graphs of operations. */
    GRAPH_ENGINE,
    /** Anything else. */
    OTHER;

    /** As people write it, such as {@code gpu}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
