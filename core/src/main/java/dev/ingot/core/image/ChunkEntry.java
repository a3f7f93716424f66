package dev.ingot.core.image;

import java.util.Comparator;

/**
 * Where a chunk lies in the pack and what its bytes must be.
 *
 * @param storedBytes size in the pack
 * @param plainBytes size after decompression
 * @param checksum CRC-32C of the stored bytes, checked on every read
 * @param sha256 hash of the stored bytes in hexadecimal, checked by {@link ImageStore#verify}
 */
public record ChunkEntry(long offset, int storedBytes, int plainBytes, ChunkCodec codec, int checksum, String sha256) {
    /** The most bytes a chunk has before compression. */
    public static final int MAX_PLAIN_BYTES = 1 << 20;

    /** How much longer a sealed chunk is. */
    private static final int SEAL_BYTES = 16;

    /** The most bytes a chunk has in the pack: a codec that makes a chunk larger is not used for it. */
    public static final int MAX_STORED_BYTES = MAX_PLAIN_BYTES + SEAL_BYTES;

    /** In the order of the pack. */
    static final Comparator<ChunkEntry> BY_OFFSET = new ByOffset();

    ChunkEntry at(long newOffset) {
        return new ChunkEntry(newOffset, storedBytes, plainBytes, codec, checksum, sha256);
    }

    private static final class ByOffset implements Comparator<ChunkEntry> {
        @Override
        public int compare(ChunkEntry a, ChunkEntry b) {
            return Long.compare(a.offset, b.offset);
        }
    }
}
