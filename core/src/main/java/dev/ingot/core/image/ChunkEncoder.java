package dev.ingot.core.image;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.ingot.core.seal.ChunkCipher;
import dev.ingot.core.seal.ChunkPlace;
import dev.ingot.core.seal.SealCipher;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses and hashes one chunk at a time. Not thread-safe; holds native memory until closed. */
final class ChunkEncoder implements AutoCloseable {
    private static final int DEFLATE_LEVEL = 1;

    private final @Nullable ChunkCipher cipher;
    private byte[] output = new byte[0];
    private byte[] sealed = new byte[0];
    private @Nullable Deflater deflater;
    private @Nullable ZstdCompressCtx zstd;

    /** @param cipher seals the chunks; null if they lie in the clear */
    ChunkEncoder(@Nullable ChunkCipher cipher) {
        this.cipher = cipher;
    }

    /**
     * Compresses with {@code wanted}, or stores plainly where that gains nothing; then seals for {@code place}.
     *
     * @param level of Zstandard, which is all that has more than one here
     */
    Encoded encode(byte[] plain, int length, ChunkCodec wanted, int level, ChunkPlace place) {
        int size = switch (wanted) {
            case STORED -> length;
            case DEFLATE -> deflate(plain, length);
            case ZSTD -> zstd(plain, length, level);
        };
        if (size >= length) {
            return encoded(plain, length, length, ChunkCodec.STORED, place);
        }
        return encoded(output, size, length, wanted, place);
    }

    private Encoded encoded(byte[] text, int length, int plainBytes, ChunkCodec codec, ChunkPlace place) {
        if (cipher == null) {
            return encoded(text, length, plainBytes, codec);
        }
        if (sealed.length < length + SealCipher.TAG_BYTES) {
            sealed = new byte[length + SealCipher.TAG_BYTES];
        }
        int size = cipher.seal(place, codec.number(), plainBytes, text, length, sealed);
        return encoded(sealed, size, plainBytes, codec);
    }

    private static Encoded encoded(byte[] stored, int storedBytes, int plainBytes, ChunkCodec codec) {
        CRC32C checksum = new CRC32C();
        checksum.update(stored, 0, storedBytes);
        return new Encoded(
                ByteBuffer.wrap(stored, 0, storedBytes),
                new ChunkEntry(
                        0, storedBytes, plainBytes, codec, (int) checksum.getValue(), Sha256.of(stored, storedBytes)));
    }

    private int deflate(byte[] plain, int length) {
        if (deflater == null) {
            deflater = new Deflater(DEFLATE_LEVEL, true);
        }
        deflater.reset();
        deflater.setInput(plain, 0, length);
        deflater.finish();
        int size = deflater.deflate(output(length));
        return deflater.finished() ? size : length;
    }

    private int zstd(byte[] plain, int length, int level) {
        if (zstd == null) {
            zstd = new ZstdCompressCtx();
        }
        zstd.setLevel(level);
        byte[] target = output((int) Zstd.compressBound(length));
        return zstd.compressByteArray(target, 0, target.length, plain, 0, length);
    }

    private byte[] output(int size) {
        if (output.length < size) {
            output = new byte[size];
        }
        return output;
    }

    @Override
    public void close() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
        if (zstd != null) {
            zstd.close();
            zstd = null;
        }
    }

    /** A chunk ready for the pack; its bytes belong to the encoder and are valid until its next call. */
    record Encoded(ByteBuffer stored, ChunkEntry entry) {}
}
