package dev.ingot.core.heap;

import java.util.Comparator;
import java.util.List;

/**
 * What a heap stream holds.
 *
 * @param bytes contents of the objects, without headers and padding
 * @param classes by bytes, largest first
 */
public record HeapStatistics(long objects, long bytes, List<ClassUsage> classes) {

    static HeapStatistics of(List<ClassUsage> classes) {
        List<ClassUsage> used = classes.stream()
                .filter(usage -> usage.objects() > 0)
                .sorted(Comparator.comparingLong(ClassUsage::bytes)
                        .thenComparingLong(ClassUsage::objects)
                        .reversed()
                        .thenComparing(ClassUsage::className))
                .toList();
        return new HeapStatistics(
                used.stream().mapToLong(ClassUsage::objects).sum(),
                used.stream().mapToLong(ClassUsage::bytes).sum(),
                used);
    }

    /** The {@code count} classes with the most objects. */
    public List<ClassUsage> topByCount(int count) {
        return classes.stream()
                .sorted(Comparator.comparingLong(ClassUsage::objects).reversed())
                .limit(count)
                .toList();
    }

    /** The {@code count} classes with the most bytes. */
    public List<ClassUsage> topByBytes(int count) {
        return classes.stream().limit(count).toList();
    }
}
