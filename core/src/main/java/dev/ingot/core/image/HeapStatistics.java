package dev.ingot.core.image;

import java.util.List;

/** What the heap section holds. {@code topClasses} is sorted by bytes, largest first, and may be cut. */
public record HeapStatistics(long objects, long bytes, List<ClassCount> topClasses, List<RootCount> roots) {
    /** Nothing. */
    public static final HeapStatistics EMPTY = new HeapStatistics(0, 0, List.of(), List.of());

    public HeapStatistics {
        topClasses = List.copyOf(topClasses);
        roots = List.copyOf(roots);
    }
}
