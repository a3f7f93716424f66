package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** Authenticated ciphers with 256-bit keys, 96-bit nonces and 128-bit tags. */
public enum SealCipher {
    AES_256_GCM("aes-256-gcm", "AES", "AES/GCM/NoPadding"),
    CHACHA20_POLY1305("chacha20-poly1305", "ChaCha20", "ChaCha20-Poly1305");

    /** How much longer a text is when it is sealed. */
    public static final int TAG_BYTES = 16;

    static final int NONCE_BYTES = 12;

    private static final int BITS = 8;
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    private final String text;
    private final String keyAlgorithm;
    private final String transformation;

    SealCipher(String text, String keyAlgorithm, String transformation) {
        this.text = text;
        this.keyAlgorithm = keyAlgorithm;
        this.transformation = transformation;
    }

    String text() {
        return text;
    }

    String keyAlgorithm() {
        return keyAlgorithm;
    }

    static SealCipher parse(String text) throws KeyException {
        for (SealCipher cipher : values()) {
            if (cipher.text.equals(text)) {
                return cipher;
            }
        }
        throw new KeyException(
                KeyException.Reason.FORGED, "'" + text + "' is not a cipher that this version of Ingot knows");
    }

    /** AES where the processor has instructions for it. Where that cannot be seen it is taken to have them. */
    static SealCipher bestHere() {
        try {
            String processor =
                    Files.readString(PROCESSOR, StandardCharsets.ISO_8859_1).replace('\n', ' ');
            boolean listsFeatures = processor.contains("flags") || processor.contains("Features");
            return listsFeatures && !processor.contains(" aes ") ? CHACHA20_POLY1305 : AES_256_GCM;
        } catch (IOException unknown) {
            return AES_256_GCM;
        }
    }

    Cipher cipher() {
        try {
            return Cipher.getInstance(transformation);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + transformation, missing);
        }
    }

    AlgorithmParameterSpec parameters(byte[] nonce) {
        return this == AES_256_GCM ? new GCMParameterSpec(TAG_BYTES * BITS, nonce) : new IvParameterSpec(nonce);
    }
}
