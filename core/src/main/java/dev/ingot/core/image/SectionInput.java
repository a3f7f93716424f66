package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** Reads a section chunk by chunk, each checked before a byte of it is handed out. Not thread-safe. */
final class SectionInput extends InputStream {
    private final Path pack;
    private final int number;
    private final SectionEntry section;
    private final FileChannel channel;
    private final ChunkDecoder decoder;
    private byte[] plain = new byte[0];
    private int position;
    private int limit;
    private int nextChunk;

    private SectionInput(Path pack, int number, SectionEntry section, FileChannel channel, ChunkDecoder decoder) {
        this.pack = pack;
        this.number = number;
        this.section = section;
        this.channel = channel;
        this.decoder = decoder;
    }

    /** @param number of the section within the image, from 0 */
    static SectionInput open(Path pack, int number, SectionEntry section, ChunkDecoder decoder) throws ImageException {
        try {
            FileChannel channel = FileChannel.open(pack, StandardOpenOption.READ);
            return new SectionInput(pack, number, section, channel, decoder);
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
            if (nextChunk == section.chunks().size()) {
                return false;
            }
            ChunkPlace place = new ChunkPlace(number, section.name(), nextChunk);
            ChunkEntry chunk = section.chunks().get(nextChunk++);
            plain = decoder.decode(chunk, readStored(channel, pack, chunk), place);
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
