package dev.ingot.core.jdk.foreign;

import dev.ingot.core.jdk.access.Slot;
import dev.ingot.runtime.ForeignObjects;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The memory of each arena, as of the first question: by address, with what will release it. Not thread-safe. */
final class Allocations {
    private final Map<Object, NavigableMap<Long, Object>> byScope = new IdentityHashMap<>();

    /** What will release the memory of {@code scope} in which so many bytes lie; null if the arena did not allocate them. */
    @Nullable Object find(Object scope, long address, long length) {
        Map.Entry<Long, Object> below =
                byScope.computeIfAbsent(scope, Allocations::of).floorEntry(address);
        return below != null && holds(below.getValue(), address, length) ? below.getValue() : null;
    }

    private static boolean holds(Object release, long address, long length) {
        ArenaMemory memory = ArenaMemory.of(release);
        return memory == null ? callbackOf(release) == address : memory.holds(address, length);
    }

    /** The address of the function for native code to call that {@code release} will free; 0 if it does something else. */
    static long callbackOf(Object release) {
        Slot entry = Slot.find(release.getClass(), "val$entry");
        return entry == null ? 0 : entry.getLong(release);
    }

    private static NavigableMap<Long, Object> of(Object scope) {
        NavigableMap<Long, Object> memory = new TreeMap<>();
        Object list = Slot.inherited(scope, "resourceList").get(scope);
        if (list == null) {
            ForeignObjects.global().forEach(release -> add(release, memory));
            return memory;
        }
        Slot first = Slot.find(list.getClass(), "cache");
        add(first == null ? null : first.get(list), memory);
        Object release = Slot.inherited(list, "fst").get(list);
        while (release != null) {
            add(release, memory);
            release = Slot.inherited(release, "next").get(release);
        }
        return memory;
    }

    private static void add(@Nullable Object release, Map<Long, Object> memory) {
        if (release == null) {
            return;
        }
        ArenaMemory allocated = ArenaMemory.of(release);
        long start = allocated == null ? callbackOf(release) : allocated.start();
        if (start != 0) {
            memory.put(start, release);
        }
    }
}
