package dev.ingot.core.jdk.io;

/** The order in which this package's codecs restore: each may rely on those before it. */
final class RestoreOrder {
    /** Descriptors, memory, and all that stands alone. */
    static final int BASE = 0;
    /** Channels, sockets and archives, over descriptors. */
    static final int CHANNEL = 10;
    /** Streams within an archive, and selectors over channels. */
    static final int USER = 20;

    private RestoreOrder() {}
}
