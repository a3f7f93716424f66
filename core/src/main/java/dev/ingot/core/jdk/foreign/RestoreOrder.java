package dev.ingot.core.jdk.foreign;

/** The order in which this package's codecs restore, after buffers and mappings: each may rely on those before it. */
final class RestoreOrder {
    /** Memory, and libraries. */
    static final int MEMORY = 100_000;
    /** Addresses within them. */
    static final int ADDRESS = MEMORY + 1;

    private RestoreOrder() {}
}
