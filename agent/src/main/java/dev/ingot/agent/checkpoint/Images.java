package dev.ingot.agent.checkpoint;

/** Names of the sections of an image. */
final class Images {
    static final String HEAP = "heap";

    private Images() {}
}
