package dev.ingot.core.image;

import java.util.List;

/** A named byte stream of an image: its chunks in order. */
public record SectionEntry(String name, List<ChunkEntry> chunks) {
    public SectionEntry {
        chunks = List.copyOf(chunks);
    }

    /** Bytes before compression. */
    public long plainBytes() {
        long sum = 0;
        for (ChunkEntry chunk : chunks) {
            sum += chunk.plainBytes();
        }
        return sum;
    }

    /** Bytes in the pack. */
    public long storedBytes() {
        long sum = 0;
        for (ChunkEntry chunk : chunks) {
            sum += chunk.storedBytes();
        }
        return sum;
    }
}
