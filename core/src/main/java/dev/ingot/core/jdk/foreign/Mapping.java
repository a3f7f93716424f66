package dev.ingot.core.jdk.foreign;

import dev.ingot.core.jdk.access.Slot;

/** What a segment of a mapped file holds of the mapping. */
final class Mapping {
    private Mapping() {}

    /** The address of the first byte that was asked for; mappings begin at pages. */
    static long startOf(Object unmapper) {
        return Slot.inherited(unmapper, "address").getLong(unmapper)
                + Slot.inherited(unmapper, "pagePosition").getLong(unmapper);
    }
}
