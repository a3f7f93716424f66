package dev.ingot.core.image;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.ingot.core.seal.ChunkCipher;
import dev.ingot.core.seal.ChunkPlace;
import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.Sealer;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Checks and decompresses one chunk at a time. Not thread-safe; holds native memory until closed. */
final class ChunkDecoder implements AutoCloseable {
    private final Path pack;
    private final @Nullable ChunkCipher cipher;
    private final boolean hashed;
    private byte[] opened = new byte[0];
    private @Nullable Inflater inflater;
    private @Nullable ZstdDecompressCtx zstd;

    /**
     * @param sealer opens the chunks; null if they lie in the clear
     * @param hashed whether to compare hashes too, because somebody vouches for them
     */
    ChunkDecoder(Path pack, @Nullable Sealer sealer, boolean hashed) {
        this.pack = pack;
        this.hashed = hashed;
        this.cipher = sealer == null ? null : sealer.chunks();
    }

    /**
     * Checks {@code stored} against the entry's checksum, opens it if it is sealed, and decompresses it.
     *
     * @return the bytes, from the start of an array that may be longer; valid until the next call
     * @throws ImageException if the bytes are not those that were written
     */
    byte[] decode(ChunkEntry chunk, byte[] stored, ChunkPlace place) throws ImageException {
        requireChecksum(pack, chunk, stored);
        if (hashed && !Sha256.of(stored, chunk.storedBytes()).equals(chunk.sha256())) {
            throw ImageException.corrupt(
                    pack, chunk.offset(), "the chunk is not the one that was signed, its hash does not match");
        }
        if (cipher == null) {
            return decompressed(chunk, stored, chunk.storedBytes());
        }
        if (opened.length < chunk.storedBytes()) {
            opened = new byte[chunk.storedBytes()];
        }
        try {
            int length =
                    cipher.open(place, chunk.codec().number(), chunk.plainBytes(), stored, chunk.storedBytes(), opened);
            return decompressed(chunk, opened, length);
        } catch (KeyException forged) {
            ImageException exception =
                    ImageException.corrupt(pack, chunk.offset(), String.valueOf(forged.getMessage()));
            exception.initCause(forged);
            throw exception;
        }
    }

    private byte[] decompressed(ChunkEntry chunk, byte[] text, int length) throws ImageException {
        return switch (chunk.codec()) {
            case STORED -> plain(chunk, text, length);
            case DEFLATE -> inflate(chunk, text, length);
            case ZSTD -> zstd(chunk, text, length);
        };
    }

    /** @throws ImageException if the bytes are not those that were written */
    static void requireChecksum(Path pack, ChunkEntry chunk, byte[] stored) throws ImageException {
        CRC32C checksum = new CRC32C();
        checksum.update(stored, 0, chunk.storedBytes());
        if ((int) checksum.getValue() != chunk.checksum()) {
            throw ImageException.corrupt(pack, chunk.offset(), "the checksum of the chunk does not match");
        }
    }

    private byte[] plain(ChunkEntry chunk, byte[] stored, int length) throws ImageException {
        checkSize(chunk, length);
        return stored;
    }

    private byte[] inflate(ChunkEntry chunk, byte[] stored, int length) throws ImageException {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        inflater.reset();
        // One byte more than announced, so that a stream that goes on too long is noticed.
        byte[] plain = new byte[chunk.plainBytes() + 1];
        try {
            inflater.setInput(stored, 0, length);
            int size = inflater.inflate(plain);
            checkSize(chunk, inflater.finished() ? size : -1);
        } catch (DataFormatException malformed) {
            throw undecodable(chunk, malformed);
        }
        return plain;
    }

    private byte[] zstd(ChunkEntry chunk, byte[] stored, int length) throws ImageException {
        if (!Zstandard.isAvailable()) {
            throw new ImageException(
                    ImageProblem.UNSUPPORTED,
                    pack,
                    "cannot read " + pack
                            + ": it is compressed with Zstandard, whose native library does not load here ("
                            + Zstandard.whyUnavailable() + "); make java.io.tmpdir writable and executable");
        }
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        byte[] plain = new byte[chunk.plainBytes()];
        try {
            checkSize(chunk, zstd.decompressByteArray(plain, 0, plain.length, stored, 0, length));
        } catch (ZstdException malformed) {
            throw undecodable(chunk, malformed);
        }
        return plain;
    }

    private void checkSize(ChunkEntry chunk, int size) throws ImageException {
        if (size != chunk.plainBytes()) {
            throw ImageException.corrupt(pack, chunk.offset(), "the chunk does not have the size the manifest gives");
        }
    }

    private ImageException undecodable(ChunkEntry chunk, Exception cause) {
        ImageException exception =
                ImageException.corrupt(pack, chunk.offset(), "the chunk cannot be decompressed: " + cause.getMessage());
        exception.initCause(cause);
        return exception;
    }

    @Override
    public void close() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }
}
