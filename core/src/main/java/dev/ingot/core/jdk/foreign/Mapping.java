package dev.ingot.core.jdk.foreign;

import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;

/** What a segment of a mapped file holds of the mapping. */
final class Mapping {
    private Mapping() {}

    /** The address of the first byte that was asked for; mappings begin at pages. */
    static long startOf(Object unmapper) {
        return field(unmapper, "address").getLong(unmapper)
                + field(unmapper, "pagePosition").getLong(unmapper);
    }

    private static Slot field(Object unmapper, String name) {
        return Objects.requireNonNull(Slot.findInherited(unmapper.getClass(), name), name);
    }
}
