package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that this process has mapped while an image is written: read when first asked for, and not again for each buffer.
 * Thread-safe.
 */
final class Mappings {
    private @Nullable TreeMap<Long, MemoryMap> byStart;

    /** The mapping that holds {@code address}, or null if none of a file does. */
    synchronized @Nullable MemoryMap at(long address) throws IOException {
        TreeMap<Long, MemoryMap> known = byStart;
        if (known == null) {
            known = new TreeMap<>(Long::compareUnsigned);
            for (MemoryMap map : MemoryMap.all()) {
                if (map.isOfFile()) {
                    known.put(map.start(), map);
                }
            }
            byStart = known;
        }
        Map.Entry<Long, MemoryMap> below = known.floorEntry(address);
        return below != null && below.getValue().holds(address) ? below.getValue() : null;
    }
}
