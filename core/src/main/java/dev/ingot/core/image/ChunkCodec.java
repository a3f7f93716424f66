package dev.ingot.core.image;

import dev.ingot.core.json.JsonException;
import java.util.Locale;

/** How the bytes of a chunk are stored. */
public enum ChunkCodec {
    /** As they are. */
    STORED(0),
    /** Raw deflate. */
    DEFLATE(1),
    /** One Zstandard frame. */
    ZSTD(2);

    private final int number;

    ChunkCodec(int number) {
        this.number = number;
    }

    /** As it is authenticated with a sealed chunk. */
    int number() {
        return number;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ChunkCodec parse(String text) throws JsonException {
        for (ChunkCodec codec : values()) {
            if (codec.text().equals(text)) {
                return codec;
            }
        }
        throw new JsonException("'" + text + "' is not a way to store a chunk that this version knows");
    }
}
