package dev.ingot.accelerator.state;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A piece of a buffer's content with its checksum. Immutable. */
public final class Chunk {
    /** How much a chunk holds, except the last one of a buffer. */
    public static final int BYTES = 1 << 20;

    private final byte[] content;
    private final long checksum;

    private Chunk(byte[] content, long checksum) {
        this.content = content;
        this.checksum = checksum;
    }

    /** A chunk of bytes that nobody changes any more. */
    public static Chunk of(byte[] content) {
        return new Chunk(content, checksum(content));
    }

    /** In bytes. */
    public int size() {
        return content.length;
    }

    /** Whether the content is what it was. */
    public boolean isIntact() {
        return checksum(content) == checksum;
    }

    /** The content, which cannot be changed. */
    public ByteBuffer content() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    private static long checksum(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length);
        return crc.getValue();
    }
}
