package dev.ingot.store.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Hashes in the form in which the protocol has them. */
final class Checksums {
    private Checksums() {}

    /** In Base64. */
    static String sha256(byte[] content, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content, offset, length);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256, this one does not", impossible);
        }
    }
}
