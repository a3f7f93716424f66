package dev.ingot.core.heap;

import java.io.IOException;
import java.io.InputStream;

/** Reads chunks into one buffer, which is used again; memory for a long one grows only with the bytes that really arrive. */
final class ChunkInput {
    private static final int LONGEST_BELIEVED = 1 << 20;

    private final InputStream in;
    private long offset;
    private byte kind;
    private byte[] payload = new byte[0];
    private int length;

    ChunkInput(InputStream in) {
        this.in = in;
    }

    /** Reads the next chunk; what was the payload is overwritten. */
    void next() throws IOException {
        read(HeapStream.CHUNK_HEADER);
        LaneInput header = payload();
        kind = (byte) header.octet();
        int announced = header.fixed();
        if (announced <= 0 || announced > HeapStream.LONGEST_CHUNK) {
            throw header.damaged("no chunk has length " + announced);
        }
        read(announced);
    }

    byte kind() {
        return kind;
    }

    LaneInput payload() {
        return new LaneInput(payload, length, payloadOffset());
    }

    /** The payload is at the beginning of it. */
    byte[] buffer() {
        return payload;
    }

    int payloadLength() {
        return length;
    }

    /** Where the payload starts in the stream. */
    private long payloadOffset() {
        return offset - length;
    }

    ImageFormatException damaged(String problem) {
        return new ImageFormatException(problem, payloadOffset());
    }

    private void read(int announced) throws IOException {
        int arrived;
        if (announced <= LONGEST_BELIEVED) {
            if (payload.length < announced) {
                payload = new byte[Math.max(announced, payload.length * 2)];
            }
            arrived = in.readNBytes(payload, 0, announced);
        } else {
            payload = in.readNBytes(announced);
            arrived = payload.length;
        }
        if (arrived < announced) {
            throw new ImageFormatException(
                    "it ends after " + arrived + " of " + announced + " expected bytes", offset + arrived);
        }
        length = announced;
        offset += announced;
    }
}
