package dev.ingot.core.image;

import java.util.List;

/** A named byte stream of an image: its chunks in order. */
public record SectionEntry(String name, List<ChunkEntry> chunks) {
    public SectionEntry {
        chunks = List.copyOf(chunks);
    }

    /** Bytes before compression. */
    public long plainBytes() {
        return chunks.stream().mapToLong(ChunkEntry::plainBytes).sum();
    }

    /** Bytes in the pack. */
    public long storedBytes() {
        return chunks.stream().mapToLong(ChunkEntry::storedBytes).sum();
    }
}
