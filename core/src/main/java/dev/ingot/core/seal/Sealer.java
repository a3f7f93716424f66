package dev.ingot.core.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * The keys of one image, unwrapped. Thread-safe.
 *
 * <p>Each purpose has a key of its own, made of the data key, the purpose and the cipher. The files that are sealed as a whole are
 * written once per image, so their keys are used once and their nonce is zero.
 */
public final class Sealer {
    private static final String CHUNKS = "ingot chunks ";
    private static final String FILE = "ingot file ";

    private final Seal seal;
    private final byte[] dataKey;
    private final SecretKey chunkKey;

    private Sealer(Seal seal, byte[] dataKey) {
        this.seal = seal;
        this.dataKey = dataKey;
        this.chunkKey = key(CHUNKS);
    }

    private SecretKey key(String purpose) {
        return Keys.derive(
                dataKey, purpose + seal.cipher().text(), seal.cipher().keyAlgorithm());
    }

    /** New keys for a new image. */
    public static Sealer create(KeyProvider provider) throws KeyException {
        return create(provider, SealCipher.bestHere());
    }

    static Sealer create(KeyProvider provider, SealCipher cipher) throws KeyException {
        byte[] dataKey = new byte[Keys.BYTES];
        new SecureRandom().nextBytes(dataKey);
        return new Sealer(new Seal(cipher, provider.wrap(dataKey), 0, List.of()), dataKey);
    }

    /**
     * The keys of an image.
     *
     * @throws KeyException if the provider's key is not the one, or cannot be had
     */
    public static Sealer open(Seal seal, KeyProvider provider) throws KeyException {
        WrappedKey wrapped = seal.key();
        if (wrapped == null) {
            throw new KeyException(KeyException.Reason.WRONG, "it was erased: its key is gone for good");
        }
        byte[] dataKey = provider.unwrap(wrapped);
        if (dataKey.length != Keys.BYTES) {
            throw KeyWrap.forged(null);
        }
        return new Sealer(seal, dataKey);
    }

    /**
     * What stands beside the image in the clear.
     *
     * @param beforeBytes sizes of the packs of the earlier images that it goes on
     */
    public Seal seal(long packBytes, List<Long> beforeBytes) {
        return seal.with(packBytes, beforeBytes);
    }

    /** Whether the same key wraps the keys of both images, as far as its provider tells keys from each other. */
    public boolean isOfSameKey(Sealer other) {
        WrappedKey mine = seal.key();
        WrappedKey others = other.seal.key();
        return mine != null
                && others != null
                && mine.provider().equals(others.provider())
                && mine.keyId().equals(others.keyId());
    }

    /**
     * Seals the keys of an earlier image, so that whoever opens this one can read both.
     *
     * @param name as of {@link #seal(String, byte[])}
     */
    public byte[] sealKeysOf(Sealer earlier, String name) {
        String text = earlier.seal.cipher().text() + ' ' + HexFormat.of().formatHex(earlier.dataKey);
        return seal(name, text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The keys of an earlier image that {@link #sealKeysOf} sealed.
     *
     * @throws KeyException if it is anything else
     */
    public Sealer openKeys(String name, byte[] sealed) throws KeyException {
        String text = new String(open(name, sealed), StandardCharsets.US_ASCII);
        int space = text.indexOf(' ');
        try {
            byte[] key = HexFormat.of().parseHex(text.substring(space + 1));
            if (key.length != Keys.BYTES) {
                throw KeyWrap.forged(null);
            }
            return new Sealer(new Seal(SealCipher.parse(text.substring(0, space)), null, 0, List.of()), key);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException malformed) {
            throw forged(name, malformed);
        }
    }

    /** The same image's seal by another key. */
    public Seal rewrapped(KeyProvider provider) throws KeyException {
        return seal.with(provider.wrap(dataKey));
    }

    /** A cipher for chunks, for one thread. */
    public ChunkCipher chunks() {
        return chunkKey().cipher();
    }

    /** The key of chunks, which opens nothing else. */
    public ChunkKey chunkKey() {
        return new ChunkKey(seal.cipher(), chunkKey);
    }

    /**
     * Seals a whole file of the image.
     *
     * @param name of the file; no image has two of the same name, and none is sealed twice
     */
    public byte[] seal(String name, byte[] content) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, name).doFinal(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "cannot encrypt with " + seal.cipher().text(), impossible);
        }
    }

    /**
     * Opens what {@link #seal} made.
     *
     * @throws KeyException if it is anything else
     */
    public byte[] open(String name, byte[] sealed) throws KeyException {
        if (sealed.length < SealCipher.TAG_BYTES) {
            throw forged(name, new IllegalArgumentException("shorter than a tag"));
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, name).doFinal(sealed);
        } catch (AEADBadTagException changed) {
            throw forged(name, changed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "cannot decrypt with " + seal.cipher().text(), impossible);
        }
    }

    private static KeyException forged(String name, Throwable cause) {
        return new KeyException(
                KeyException.Reason.FORGED,
                name + " was changed or cut off after it was sealed, or belongs to another image",
                cause);
    }

    private Cipher cipher(int mode, String name) throws GeneralSecurityException {
        Cipher cipher = seal.cipher().cipher();
        cipher.init(mode, key(FILE + name + ' '), seal.cipher().parameters(new byte[SealCipher.NONCE_BYTES]));
        return cipher;
    }
}
