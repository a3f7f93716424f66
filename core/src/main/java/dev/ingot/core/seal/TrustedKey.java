package dev.ingot.core.seal;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SignatureException;

/**
 * A public Ed25519 key whose signature is believed.
 *
 * @param file that it was read from
 * @param fingerprint SHA-256 of the key as X.509 has it, in hexadecimal
 */
public record TrustedKey(Path file, String fingerprint, PublicKey key) {
    static TrustedKey of(Path file, PublicKey key) throws GeneralSecurityException {
        return new TrustedKey(file, Signatures.fingerprint(key), key);
    }

    /** Whether its private key has signed the first {@code length} bytes. */
    public boolean hasSigned(byte[] bytes, int length, byte[] signature) {
        try {
            return Signatures.verify(key, bytes, length, signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("key " + file + " was read, but cannot be used", impossible);
        }
    }
}
