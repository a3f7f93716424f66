package dev.ingot.core.image;

/**
 * A part of an image's pack, known by its hash wherever it lies.
 *
 * @param sha256 in hexadecimal
 * @param bytes its length, at most {@link #MAX_BYTES}
 */
public record Piece(String sha256, int bytes) {
    /** No piece is longer. */
    public static final int MAX_BYTES = ChunkEntry.MAX_STORED_BYTES;

    public Piece {
        if (!Sha256.isText(sha256) || bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException("a piece of " + bytes + " bytes with hash '" + sha256 + "' cannot be");
        }
    }

    /** Whether these are the bytes of this piece. */
    public boolean is(byte[] content) {
        return content.length == bytes && Sha256.of(content, content.length).equals(sha256);
    }
}
