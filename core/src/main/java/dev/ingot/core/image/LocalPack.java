package dev.ingot.core.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A pack on disk, in pieces. Not thread-safe. */
final class LocalPack implements AutoCloseable {
    /** How long the pieces of a pack are whose chunks nobody knows. */
    static final int CUT_BYTES = 1 << 20;

    private final Path file;
    private final FileChannel channel;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();

    private LocalPack(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /** The pack of an image in the clear; its pieces are its chunks. */
    static LocalPack ofChunks(ImageHandle image) throws IOException {
        LocalPack pack = new LocalPack(image.pack());
        for (ChunkEntry chunk : chunks(image.manifest())) {
            pack.add(new Piece(chunk.sha256(), chunk.storedBytes()), chunk.offset());
        }
        return pack;
    }

    /**
     * The pack of a sealed image, which is read once for the hashes of its pieces.
     *
     * @param bytes how long it says it is
     */
    static LocalPack cut(Path file, long bytes) throws IOException {
        LocalPack pack = new LocalPack(file);
        try {
            pack.cut(bytes);
            return pack;
        } catch (IOException failure) {
            pack.close();
            throw failure;
        }
    }

    private void cut(long promised) throws IOException {
        long size = channel.size();
        if (size != promised) {
            throw ImageException.corrupt(
                    file, Math.min(size, promised), "the file has " + size + " bytes instead of " + promised);
        }
        for (long offset = 0; offset < size; offset += CUT_BYTES) {
            int length = (int) Math.min(CUT_BYTES, size - offset);
            add(new Piece(Sha256.of(read(offset, length), length), length), offset);
        }
    }

    private void add(Piece piece, long offset) {
        pieces.add(piece);
        offsets.add(offset);
    }

    /** The chunks of a manifest in the order of the pack. */
    static List<ChunkEntry> chunks(Manifest manifest) {
        List<ChunkEntry> chunks = new ArrayList<>();
        manifest.sections().forEach(section -> chunks.addAll(section.chunks()));
        chunks.sort(ChunkEntry.BY_OFFSET);
        return chunks;
    }

    /** The pieces that the pack of an image in the clear has. */
    static List<Piece> pieces(Manifest manifest) {
        return chunks(manifest).stream()
                .map(chunk -> new Piece(chunk.sha256(), chunk.storedBytes()))
                .toList();
    }

    List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    byte[] read(int piece) throws IOException {
        return read(offsets.get(piece), pieces.get(piece).bytes());
    }

    private byte[] read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw ImageException.corrupt(file, offset, "the file ends within a piece");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
