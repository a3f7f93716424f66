package dev.ingot.core.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys of 256 bits, and keys made of them. */
final class Keys {
    static final int BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final int ID_BYTES = 8;

    private Keys() {}

    /**
     * A key for one purpose, by HKDF-Expand of RFC 5869 with one block. The first step of HKDF is left out, as section 3.3 of the
     * RFC allows: the input is uniformly random already.
     */
    static SecretKeySpec derive(byte[] key, String purpose, String algorithm) {
        return new SecretKeySpec(hmac(key, purpose + '\u0001'), algorithm);
    }

    /** Tells a key from others and tells nothing about it. */
    static String id(byte[] key) {
        return HexFormat.of().formatHex(hmac(key, "ingot key id"), 0, ID_BYTES);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + HMAC + ", this one does not", impossible);
        }
    }
}
