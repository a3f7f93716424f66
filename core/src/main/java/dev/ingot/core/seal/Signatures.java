package dev.ingot.core.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;

/** Ed25519 (RFC 8032) as Ingot uses it. */
final class Signatures {
    static final String ALGORITHM = "Ed25519";

    /** Signed in front of the bytes, so that no signature made for anything else fits an image. */
    private static final byte[] PURPOSE = "ingot image manifest 1\n".getBytes(StandardCharsets.US_ASCII);

    private Signatures() {}

    static byte[] sign(PrivateKey key, byte[] bytes, int length) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(key);
        signature.update(PURPOSE);
        signature.update(bytes, 0, length);
        return signature.sign();
    }

    static boolean verify(PublicKey key, byte[] bytes, int length, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initVerify(key);
        signature.update(PURPOSE);
        signature.update(bytes, 0, length);
        return signature.verify(signed);
    }

    /** SHA-256 of the key as X.509 has it, in hexadecimal. */
    static String fingerprint(PublicKey key) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
    }
}
