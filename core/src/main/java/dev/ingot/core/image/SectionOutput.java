package dev.ingot.core.image;

import dev.ingot.core.seal.ChunkPlace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;

/** Cuts a section into chunks. Not thread-safe; several sections may be written at the same time. */
final class SectionOutput extends OutputStream {
    private static final int FIRST_BUFFER_BYTES = 1 << 13;

    private final int number;
    private final String name;
    private final Path pack;
    private final ChunkPipeline pipeline;
    private final List<Future<ChunkEntry>> chunks = new ArrayList<>();
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int filled;
    private boolean closed;

    /** @param number of the section within the image, from 0 */
    SectionOutput(int number, String name, Path pack, ChunkPipeline pipeline) {
        this.number = number;
        this.name = name;
        this.pack = pack;
        this.pipeline = pipeline;
    }

    @Override
    public void write(int value) throws IOException {
        requireOpen();
        if (filled == buffer.length) {
            makeRoom();
        }
        buffer[filled++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        requireOpen();
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filled == buffer.length) {
                makeRoom();
            }
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, from, buffer, filled, part);
            filled += part;
            from += part;
            left -= part;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("section '" + name + "' is closed, nothing can be written to it");
        }
    }

    private void makeRoom() throws IOException {
        if (buffer.length < ChunkEntry.MAX_PLAIN_BYTES) {
            buffer = Arrays.copyOf(buffer, Math.min(ChunkEntry.MAX_PLAIN_BYTES, buffer.length * 4));
            return;
        }
        passOn();
        buffer = pipeline.buffer();
    }

    private void passOn() throws IOException {
        try {
            Future<ChunkEntry> chunk = pipeline.submit(buffer, filled, new ChunkPlace(number, name, chunks.size()));
            chunks.add(chunk);
            filled = 0;
            if (chunk.isDone()) {
                ChunkPipeline.await(chunk);
            }
        } catch (IOException failure) {
            throw ImageException.whileWriting(pack, failure);
        }
    }

    private ChunkEntry place(Future<ChunkEntry> chunk) throws IOException {
        try {
            return ChunkPipeline.await(chunk);
        } catch (IOException failure) {
            throw ImageException.whileWriting(pack, failure);
        }
    }

    boolean isClosed() {
        return closed;
    }

    String name() {
        return name;
    }

    /** The finished section; waits until all of its chunks are in the pack. */
    SectionEntry entry() throws IOException {
        List<ChunkEntry> entries = new ArrayList<>(chunks.size());
        for (Future<ChunkEntry> chunk : chunks) {
            entries.add(place(chunk));
        }
        return new SectionEntry(name, entries);
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (filled > 0) {
            passOn();
        }
        buffer = new byte[0];
    }
}
