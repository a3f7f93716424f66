package dev.ingot.scheduler.pool;

import java.util.List;

/** How far apart nodes may be that still lie together: the nearer first. */
public enum Level {
    /** One node. */
    NODE,
    /** One rack. */
    RACK,
    /** One zone. */
    ZONE,
    /** One region. */
    REGION;

    /** Those that locations speak of, the nearest first. */
    static final List<Level> OF_LOCATIONS = List.of(RACK, ZONE, REGION);
}
