package dev.ingot.scheduler.pool;

/** For whom a plan may make room by having others suspended. To look for victims takes far longer than to look for room. */
enum Search {
    /** For Premium, which does not wait. */
    PREMIUM,
    /** Also for who stands better, or has had less, than others, and for tenants that hold nothing. */
    WEAKER,
    /** Also for whose turn it is. */
    TURNS
}
