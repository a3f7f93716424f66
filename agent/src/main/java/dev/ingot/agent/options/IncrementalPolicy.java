package dev.ingot.agent.options;

/** Whether images may say only what changed since the one before. */
enum IncrementalPolicy {
    ON,
    OFF,
    /** If images are taken periodically. */
    AUTO
}
