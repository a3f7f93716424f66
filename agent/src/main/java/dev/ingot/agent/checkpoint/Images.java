package dev.ingot.agent.checkpoint;

/** Names of the sections of an image. */
final class Images {
    /** What a reader of the heap must know first. */
    static final String HEAP_HEAD = "heap-head";

    /** Goes on where that of the earlier images ends. */
    static final String HEAP = "heap";

    private Images() {}
}
