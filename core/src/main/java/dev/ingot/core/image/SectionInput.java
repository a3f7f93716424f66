package dev.ingot.core.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** Reads a section chunk by chunk, each checked before a byte of it is handed out. Not thread-safe. */
final class SectionInput extends InputStream {
    private final Path pack;
    private final List<ChunkEntry> chunks;
    private final FileChannel channel;
    private final ChunkDecoder decoder;
    private byte[] plain = new byte[0];
    private int position;
    private int limit;
    private int nextChunk;

    private SectionInput(Path pack, List<ChunkEntry> chunks, FileChannel channel) {
        this.pack = pack;
        this.chunks = chunks;
        this.channel = channel;
        this.decoder = new ChunkDecoder(pack);
    }

    static SectionInput open(Path pack, SectionEntry section) throws ImageException {
        try {
            return new SectionInput(pack, section.chunks(), FileChannel.open(pack, StandardOpenOption.READ));
        } catch (IOException failure) {
            throw ImageException.whileReading(pack, failure);
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? plain[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int part = Math.min(length, limit - position);
        System.arraycopy(plain, position, target, offset, part);
        position += part;
        return part;
    }

    @Override
    public int available() {
        return limit - position;
    }

    private boolean fill() throws IOException {
        while (position == limit) {
            if (nextChunk == chunks.size()) {
                return false;
            }
            ChunkEntry chunk = chunks.get(nextChunk++);
            plain = decoder.decode(chunk, readStored(channel, pack, chunk));
            position = 0;
            limit = chunk.plainBytes();
        }
        return true;
    }

    static byte[] readStored(FileChannel channel, Path pack, ChunkEntry chunk) throws ImageException {
        ByteBuffer stored = ByteBuffer.allocate(chunk.storedBytes());
        try {
            while (stored.hasRemaining()) {
                if (channel.read(stored, chunk.offset() + stored.position()) < 0) {
                    throw ImageException.corrupt(
                            pack, chunk.offset(), "the file ends in the middle of the chunk at byte " + channel.size());
                }
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(pack, failure);
        }
        return stored.array();
    }

    @Override
    public void close() throws IOException {
        decoder.close();
        channel.close();
    }
}
