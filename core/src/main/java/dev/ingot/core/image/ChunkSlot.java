package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkKey;
import dev.ingot.core.seal.ChunkPlace;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A chunk in memory that two processes share: first as it is and with what is to become of it, then as it is stored. It belongs to one of
 * them at a time, who tells the other by other means.
 */
final class ChunkSlot {
    /** Bytes of a slot, in whole pages. */
    static final int BYTES = ChunkEntry.MAX_PLAIN_BYTES + (2 << 12);

    private static final int LENGTH = 0;
    private static final int PLAIN = 4;
    private static final int CODEC = 8;
    private static final int CHECKSUM = 12;
    private static final int SHA256 = 16;
    private static final int SECTION = SHA256 + Sha256.TEXT_LENGTH;
    private static final int INDEX = SECTION + 4;
    private static final int NAME = INDEX + 8;
    private static final int LONGEST_NAME = 64;
    private static final int SEALED = NAME + 1 + LONGEST_NAME;
    private static final int KEY = SEALED + 1;
    private static final int LEVEL = KEY + ChunkKey.BYTES;
    private static final int CONTENT = 1 << 12;

    private final ByteBuffer memory;

    /** @param memory of {@link #BYTES}, for this slot alone */
    ChunkSlot(ByteBuffer memory) {
        this.memory = memory;
    }

    /** The slot of that number in the memory of several. */
    static ChunkSlot of(ByteBuffer all, int number) {
        return new ChunkSlot(all.slice(number * BYTES, BYTES));
    }

    void ask(byte[] plain, int length, ChunkCodec wanted, int level, ChunkPlace place, @Nullable ChunkKey key) {
        memory.putInt(LENGTH, length);
        memory.putInt(CODEC, wanted.number());
        memory.put(LEVEL, (byte) level);
        memory.putInt(SECTION, place.section());
        memory.putLong(INDEX, place.index());
        byte[] name = place.sectionName().getBytes(StandardCharsets.US_ASCII);
        memory.put(NAME, (byte) name.length);
        memory.put(NAME + 1, name);
        memory.put(SEALED, (byte) (key == null ? 0 : 1));
        if (key != null) {
            key.put(memory.duplicate().position(KEY));
        }
        memory.put(CONTENT, plain, 0, length);
    }

    int plainLength() {
        return memory.getInt(LENGTH);
    }

    /** Copies what is asked about into {@code plain}. */
    void plain(byte[] plain) {
        memory.get(CONTENT, plain, 0, plainLength());
    }

    ChunkCodec codec() {
        int number = memory.getInt(CODEC);
        return number == ChunkCodec.ZSTD.number()
                ? ChunkCodec.ZSTD
                : number == ChunkCodec.DEFLATE.number() ? ChunkCodec.DEFLATE : ChunkCodec.STORED;
    }

    int level() {
        return memory.get(LEVEL);
    }

    ChunkPlace place() {
        byte[] name = new byte[memory.get(NAME)];
        memory.get(NAME + 1, name);
        return new ChunkPlace(
                memory.getInt(SECTION), new String(name, StandardCharsets.US_ASCII), memory.getLong(INDEX));
    }

    /** The key by which the chunk is to be sealed, or null. */
    @Nullable ChunkKey key() {
        return memory.get(SEALED) == 0 ? null : ChunkKey.get(memory.duplicate().position(KEY));
    }

    void answer(ChunkEncoder.Encoded encoded) {
        ChunkEntry entry = encoded.entry();
        memory.putInt(LENGTH, entry.storedBytes());
        memory.putInt(PLAIN, entry.plainBytes());
        memory.putInt(CODEC, entry.codec().number());
        memory.putInt(CHECKSUM, entry.checksum());
        memory.put(SHA256, entry.sha256().getBytes(StandardCharsets.US_ASCII));
        memory.duplicate().position(CONTENT).put(encoded.stored());
    }

    /** The answer; its bytes are valid as long as the slot is not used again. */
    ChunkEncoder.Encoded answer() {
        int stored = memory.getInt(LENGTH);
        byte[] sha256 = new byte[Sha256.TEXT_LENGTH];
        memory.get(SHA256, sha256);
        ChunkEntry entry = new ChunkEntry(
                0,
                stored,
                memory.getInt(PLAIN),
                codec(),
                memory.getInt(CHECKSUM),
                new String(sha256, StandardCharsets.US_ASCII));
        return new ChunkEncoder.Encoded(memory.slice(CONTENT, stored), entry);
    }

    /** Leaves no trace of what was in it. */
    void wipe() {
        memory.put(KEY, new byte[ChunkKey.BYTES]);
    }
}
