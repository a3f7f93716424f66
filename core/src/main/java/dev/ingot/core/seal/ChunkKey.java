package dev.ingot.core.seal;

import java.nio.ByteBuffer;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key of the chunks of one image. Immutable. */
public final class ChunkKey {
    /** What {@link #put} needs. */
    public static final int BYTES = 1 + Keys.BYTES;

    private static final byte AES = 0;
    private static final byte CHACHA = 1;

    private final SealCipher cipher;
    private final SecretKey key;

    ChunkKey(SealCipher cipher, SecretKey key) {
        this.cipher = cipher;
        this.key = key;
    }

    /** A key that {@link #put} has put. */
    public static ChunkKey get(ByteBuffer from) {
        SealCipher cipher = from.get() == AES ? SealCipher.AES_256_GCM : SealCipher.CHACHA20_POLY1305;
        byte[] key = new byte[Keys.BYTES];
        from.get(key);
        return new ChunkKey(cipher, new SecretKeySpec(key, cipher.keyAlgorithm()));
    }

    /** Puts it in the clear, for a process that is as trustworthy as this one. */
    public void put(ByteBuffer to) {
        to.put(cipher == SealCipher.AES_256_GCM ? AES : CHACHA).put(key.getEncoded());
    }

    /** A cipher for one thread. */
    public ChunkCipher cipher() {
        return new ChunkCipher(cipher, key);
    }
}
