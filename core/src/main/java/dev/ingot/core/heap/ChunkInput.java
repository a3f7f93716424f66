package dev.ingot.core.heap;

import java.io.IOException;
import java.io.InputStream;

/** Reads chunks; memory for one grows only with the bytes that really arrive. */
final class ChunkInput {
    private final InputStream in;
    private long offset;
    private byte kind;
    private byte[] payload = new byte[0];

    ChunkInput(InputStream in) {
        this.in = in;
    }

    /** Reads the next chunk. */
    void next() throws IOException {
        LaneInput header = new LaneInput(read(HeapStream.CHUNK_HEADER), offset - HeapStream.CHUNK_HEADER);
        kind = (byte) header.octet();
        int length = header.fixed();
        if (length <= 0 || length > HeapStream.LONGEST_CHUNK) {
            throw header.damaged("no chunk has length " + length);
        }
        payload = read(length);
    }

    byte kind() {
        return kind;
    }

    byte[] payload() {
        return payload;
    }

    /** Where the payload starts in the stream. */
    long payloadOffset() {
        return offset - payload.length;
    }

    ImageFormatException damaged(String problem) {
        return new ImageFormatException(problem, payloadOffset());
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new ImageFormatException(
                    "it ends after " + bytes.length + " of " + length + " expected bytes", offset + bytes.length);
        }
        offset += length;
        return bytes;
    }
}
