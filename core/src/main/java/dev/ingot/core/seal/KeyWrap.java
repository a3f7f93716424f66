package dev.ingot.core.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** Wraps data keys by AES-GCM with a random nonce in front: one key wraps far fewer than the 2³² that this allows. */
final class KeyWrap {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "ingot data key".getBytes(StandardCharsets.US_ASCII);

    private final String keyName;
    private final String kind;
    private final SecretKey key;
    private final String keyId;
    private final @Nullable Provider provider;

    /** @param provider what holds the key if it cannot leave it, or null */
    KeyWrap(KeyName name, SecretKey key, String keyId, @Nullable Provider provider) {
        this.keyName = name.toString();
        this.kind = name.kind();
        this.key = key;
        this.keyId = keyId;
        this.provider = provider;
    }

    WrappedKey wrap(byte[] dataKey) throws KeyException {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] wrapped = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(dataKey);
            byte[] all = Arrays.copyOf(nonce, nonce.length + wrapped.length);
            System.arraycopy(wrapped, 0, all, nonce.length, wrapped.length);
            return new WrappedKey(kind, keyId, Base64.getEncoder().encodeToString(all));
        } catch (GeneralSecurityException failure) {
            throw KeyException.unavailable(keyName, "it cannot encrypt (" + failure.getMessage() + ")", failure);
        }
    }

    byte[] unwrap(WrappedKey wrapped) throws KeyException {
        if (!wrapped.provider().equals(kind) || !wrapped.keyId().equals(keyId)) {
            throw new KeyException(
                    KeyException.Reason.WRONG,
                    "it is sealed with key " + wrapped.keyId() + " of a provider '" + wrapped.provider() + "', but "
                            + keyName + " is key " + keyId + "; name the key it is sealed with");
        }
        try {
            byte[] all = Base64.getDecoder().decode(wrapped.text());
            if (all.length <= NONCE_BYTES) {
                throw forged(null);
            }
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE_BYTES))
                    .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
        } catch (IllegalArgumentException | AEADBadTagException changed) {
            throw forged(changed);
        } catch (GeneralSecurityException failure) {
            throw KeyException.unavailable(keyName, "it cannot decrypt (" + failure.getMessage() + ")", failure);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        String algorithm = "AES/GCM/NoPadding";
        Cipher cipher = provider == null ? Cipher.getInstance(algorithm) : Cipher.getInstance(algorithm, provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }

    static KeyException forged(@Nullable Throwable cause) {
        return new KeyException(
                KeyException.Reason.FORGED,
                "its wrapped key is not what was written: it was changed or damaged",
                cause == null ? new IllegalArgumentException("too short") : cause);
    }
}
