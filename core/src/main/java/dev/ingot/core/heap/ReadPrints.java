package dev.ingot.core.heap;

import dev.ingot.core.jvm.Memory;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fingerprints of what is read, the same as of what was written, for images that go on it. Not thread-safe. */
final class ReadPrints {
    private static final ReadPrints NONE = new ReadPrints(null);

    private final @Nullable NativeTable prints;
    private final Map<Integer, long[]> partPrints = new HashMap<>();
    private long bytes;

    private ReadPrints(@Nullable NativeTable prints) {
        this.prints = prints;
    }

    /** Notes nothing. */
    static ReadPrints none() {
        return NONE;
    }

    static ReadPrints kept() {
        return new ReadPrints(NativeTable.ofLongs());
    }

    boolean areKept() {
        return prints != null;
    }

    /** Counts the payload of a chunk. */
    void chunk(int length) {
        if (prints != null) {
            bytes += length;
        }
    }

    /** Notes a record that was just read. */
    void record(int id, ImagePlan plan, LaneInput in, int start) {
        if (prints != null) {
            prints.put(id, in.fingerprint(start, plan.number));
        }
    }

    /** Notes the description that is about to be read. */
    void description(int id, ImagePlan plan, LaneInput in) {
        if (prints != null) {
            prints.put(id, in.fingerprintOfRest(plan.number));
        }
    }

    /** Notes a string that is complete: its record is short, and stands for its characters too. */
    void longString(int id, ImagePlan plan, byte[] content, int coder) {
        if (prints != null) {
            Lane record = new Lane(HeapStream.DATA, 8);
            record.fixed(content.length);
            record.octet(coder | HeapStream.IN_PARTS);
            prints.put(
                    id, record.fingerprint(0, Fingerprint.of(content, Memory.BYTE_BASE, content.length, plan.number)));
        }
    }

    /** Notes the part of an array that is about to be read and was found to be one. */
    void part(int id, ImagePlan plan, int from, RestoredObjects objects, LaneInput in) {
        if (prints != null) {
            int count = HeapStream.parts(objects.arrayBytes(id, plan));
            int number = (int) (((long) from << RestoredObjects.elementShift(plan)) / HeapStream.PART_BYTES);
            partPrints.computeIfAbsent(id, absent -> new long[count])[number] = in.fingerprintOfRest(0);
        }
    }

    /** All bytes that were read of segments. */
    long bytes() {
        return bytes;
    }

    NativeTable prints() {
        return java.util.Objects.requireNonNull(prints);
    }

    Map<Integer, long[]> partPrints() {
        return partPrints;
    }
}
