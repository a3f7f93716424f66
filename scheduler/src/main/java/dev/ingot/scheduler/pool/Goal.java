package dev.ingot.scheduler.pool;

/** What a node is to do with an epoch of a workload. */
public enum Goal {
    /** Get everything ready for it that can be without its last image: it runs elsewhere and is about to come. */
    PREPARE,
    /** Start it, from its image if the order names one, and keep it running. */
    RUN,
    /** As run, and have it write an image that another one will follow soon. */
    COPY,
    /** As run, and have it write an image. */
    CHECKPOINT,
    /** Have it write an image and end. */
    SUSPEND,
    /** End it. */
    KILL
}
