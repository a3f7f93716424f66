package dev.ingot.core.image;

import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKey;
import dev.ingot.core.seal.TrustedKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The signature in a manifest: who has signed, and the Ed25519 signature of all bytes before. It has one place, behind everything but
 * the {@linkplain ManifestTrailer trailer}, and one form, so with the trailer's hash no byte of a signed manifest can be another one.
 *
 * <p>Through the hashes that a manifest has, its signature vouches for the launch file and for all chunks, and by their ids for the images
 * that it goes on; these have signatures of their own.
 */
final class ManifestSignature {
    private static final String SIGNER_NAME = ",\n  \"signer\": \"";
    private static final String SIGNATURE_NAME = "\",\n  \"signature\": \"";
    private static final String END = "\"";
    private static final int SIGNATURE_TEXT_LENGTH = 2 * 64;
    private static final int LENGTH =
            SIGNER_NAME.length() + Sha256.TEXT_LENGTH + SIGNATURE_NAME.length() + SIGNATURE_TEXT_LENGTH + END.length();

    private final String signer;
    private final String signature;

    private ManifestSignature(String signer, String signature) {
        this.signer = signer;
        this.signature = signature;
    }

    /** The members to be put behind a manifest's body. */
    static String of(byte[] body, SigningKey key) {
        return new ManifestSignature(key.fingerprint(), HexFormat.of().formatHex(key.sign(body, body.length))).text();
    }

    private String text() {
        return SIGNER_NAME + signer + SIGNATURE_NAME + signature + END;
    }

    /** What stands at the end of the first {@code end} bytes; null if that is no signature. */
    private static @Nullable ManifestSignature parse(byte[] manifest, int end) {
        if (end < LENGTH) {
            return null;
        }
        String text = new String(manifest, end - LENGTH, LENGTH, StandardCharsets.ISO_8859_1);
        int signerStart = SIGNER_NAME.length();
        int signatureStart = signerStart + Sha256.TEXT_LENGTH + SIGNATURE_NAME.length();
        ManifestSignature found = new ManifestSignature(
                text.substring(signerStart, signerStart + Sha256.TEXT_LENGTH),
                text.substring(signatureStart, signatureStart + SIGNATURE_TEXT_LENGTH));
        return text.equals(found.text()) && Sha256.isText(found.signer) && isHexadecimal(found.signature)
                ? found
                : null;
    }

    private static boolean isHexadecimal(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /**
     * Requires that one of {@code trusted} has signed a manifest. Nothing of it is read but its end.
     *
     * @param manifest whose trailer has the right form
     * @return the fingerprint of that key
     * @throws ImageException if none of them has
     */
    static String requireBy(TrustedKeys trusted, Path file, byte[] manifest) throws ImageException {
        ManifestSignature found = parse(manifest, ManifestTrailer.start(manifest));
        if (found == null) {
            throw untrusted(
                    file,
                    "is not signed, and only images are taken that one of the keys in " + trusted + " has signed;"
                            + " leave the trusted keys away if you trust whoever can write to the directory");
        }
        TrustedKey key = trusted.find(found.signer);
        if (key == null) {
            throw untrusted(
                    file,
                    "says that key " + found.signer + " has signed it, which is none of those in " + trusted
                            + "; put that key there if you trust it");
        }
        found.require(key, file, manifest);
        return key.fingerprint();
    }

    /** Whether {@code key} has signed a manifest. */
    static boolean isBy(TrustedKey key, byte[] manifest) {
        ManifestSignature found = parse(manifest, ManifestTrailer.start(manifest));
        return found != null && found.signer.equals(key.fingerprint()) && found.fits(key, manifest);
    }

    private void require(TrustedKey key, Path file, byte[] manifest) throws ImageException {
        if (!fits(key, manifest)) {
            throw untrusted(
                    file,
                    "was changed after it was signed: its signature is not that of key " + signer + " (" + key.file()
                            + "); use an older one or a copy");
        }
    }

    private boolean fits(TrustedKey key, byte[] manifest) {
        int end = ManifestTrailer.start(manifest);
        return ManifestTrailer.isHashRight(manifest)
                && key.hasSigned(manifest, end - LENGTH, HexFormat.of().parseHex(signature));
    }

    private static ImageException untrusted(Path file, String what) {
        return new ImageException(ImageProblem.UNTRUSTED, file, "image " + file.getParent() + " " + what);
    }
}
