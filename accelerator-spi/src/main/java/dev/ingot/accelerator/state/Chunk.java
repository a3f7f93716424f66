package dev.ingot.accelerator.state;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A piece of a buffer's content with its checksum. Immutable. */
public final class Chunk {
    /** How much a chunk holds, except the last one of a buffer. */
    public static final int BYTES = 1 << 20;

    /** Memory that was never written is common and large; it takes no room. */
    private static final Chunk ZERO = new Chunk(new byte[BYTES]);

    private final byte[] content;
    private final long checksum;

    private Chunk(byte[] content) {
        this.content = content;
        this.checksum = checksum(content);
    }

    /** A chunk of bytes that nobody changes any more. */
    public static Chunk of(byte[] content) {
        return Arrays.equals(content, ZERO.content) ? ZERO : new Chunk(content);
    }

    /** Whether the content is this one. */
    public boolean holds(byte[] other) {
        return Arrays.equals(content, other);
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
