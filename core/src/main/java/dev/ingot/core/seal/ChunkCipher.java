package dev.ingot.core.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * Seals and opens the chunks of one image. Not thread-safe.
 *
 * <h2>Nonces</h2>
 *
 * The key is of one image alone and used for nothing but its chunks. The nonce of a chunk is the number of its section, four
 * bytes, and its own number within that section, eight bytes; an image has no two chunks of the same place, and a chunk that was
 * encrypted is never written again with other content: where writing it fails, the whole image is given up with its key. So no
 * nonce is used twice.
 *
 * <h2>Places</h2>
 *
 * The same numbers, the section's name, the size before compression and the codec are authenticated with the chunk. A chunk that
 * is moved to another place, or to another image, does not open.
 */
public final class ChunkCipher {
    private static final int FIXED_PLACE_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES + 1;

    private final SealCipher algorithm;
    private final SecretKey key;
    private final Cipher cipher;

    ChunkCipher(SealCipher algorithm, SecretKey key) {
        this.algorithm = algorithm;
        this.key = key;
        this.cipher = algorithm.cipher();
    }

    /**
     * Seals {@code length} bytes of {@code text} into {@code sealed}.
     *
     * @param codec how the text was compressed
     * @return how many bytes were put: {@link SealCipher#TAG_BYTES} more
     */
    public int seal(ChunkPlace place, int codec, int plainBytes, byte[] text, int length, byte[] sealed) {
        try {
            begin(Cipher.ENCRYPT_MODE, place, codec, plainBytes);
            return cipher.doFinal(text, 0, length, sealed, 0);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot encrypt with " + algorithm.text(), impossible);
        }
    }

    /**
     * Opens {@code length} bytes of {@code sealed} into {@code text}.
     *
     * @return how many bytes were put
     * @throws KeyException if they are not what was sealed for this place
     */
    public int open(ChunkPlace place, int codec, int plainBytes, byte[] sealed, int length, byte[] text)
            throws KeyException {
        try {
            begin(Cipher.DECRYPT_MODE, place, codec, plainBytes);
            return cipher.doFinal(sealed, 0, length, text, 0);
        } catch (AEADBadTagException changed) {
            throw new KeyException(
                    KeyException.Reason.FORGED, "the chunk was changed, or belongs to another place", changed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot decrypt with " + algorithm.text(), impossible);
        }
    }

    private void begin(int mode, ChunkPlace place, int codec, int plainBytes) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(SealCipher.NONCE_BYTES)
                .putInt(place.section())
                .putLong(place.index())
                .array();
        cipher.init(mode, key, algorithm.parameters(nonce));
        byte[] name = place.sectionName().getBytes(StandardCharsets.UTF_8);
        cipher.updateAAD(ByteBuffer.allocate(FIXED_PLACE_BYTES + name.length)
                .putInt(place.section())
                .putLong(place.index())
                .putInt(plainBytes)
                .put((byte) codec)
                .put(name)
                .array());
    }
}
