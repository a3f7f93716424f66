package dev.ingot.core.heap;

import java.util.ArrayList;
import java.util.List;

/**
 * What a heap stream holds.
 *
 * @param bytes contents of the objects, without headers and padding
 * @param classes those with objects, in no order: nobody waits for a walk to have them sorted
 */
public record HeapStatistics(long objects, long bytes, List<ClassUsage> classes) {

    static HeapStatistics of(List<ClassUsage> classes) {
        long objects = 0;
        long bytes = 0;
        List<ClassUsage> used = new ArrayList<>();
        for (ClassUsage usage : classes) {
            if (usage.objects() > 0) {
                objects += usage.objects();
                bytes += usage.bytes();
                used.add(usage);
            }
        }
        return new HeapStatistics(objects, bytes, used);
    }

    /** The {@code count} classes with the most bytes. */
    public List<ClassUsage> topByBytes(int count) {
        return classes.stream().sorted(HeapStatistics::compare).limit(count).toList();
    }

    private static int compare(ClassUsage one, ClassUsage other) {
        int byBytes = Long.compare(other.bytes(), one.bytes());
        if (byBytes != 0) {
            return byBytes;
        }
        int byObjects = Long.compare(other.objects(), one.objects());
        return byObjects != 0 ? byObjects : one.className().compareTo(other.className());
    }
}
