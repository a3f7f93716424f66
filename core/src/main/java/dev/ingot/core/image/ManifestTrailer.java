package dev.ingot.core.image;

import dev.ingot.core.seal.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The last lines of a manifest: a hash of everything before it for {@link ImageStore#verify}, and a checksum of everything
 * before that for every read. The sealed text is still one JSON object.
 */
final class ManifestTrailer {
    private static final String END = "\n}";
    private static final String HASH_NAME = ",\n  \"sha256\": \"";
    private static final String CHECKSUM_NAME = "\",\n  \"crc32c\": \"";
    private static final String LAST = "\"\n}\n";
    private static final int CHECKSUM_LENGTH = 8;
    private static final int CHECKSUM_START = CHECKSUM_NAME.length() + CHECKSUM_LENGTH + LAST.length();
    private static final int HASH_START = HASH_NAME.length() + Sha256.TEXT_LENGTH + CHECKSUM_START;

    private ManifestTrailer() {}

    /** @param signer signs what comes before; null for not */
    static byte[] seal(String json, @Nullable SigningKey signer) {
        byte[] body = json.substring(0, json.length() - END.length()).getBytes(StandardCharsets.UTF_8);
        if (signer != null) {
            body = concatenate(body, ManifestSignature.of(body, signer));
        }
        String hash = HASH_NAME + Sha256.of(body, body.length);
        byte[] hashed = concatenate(body, hash);
        return concatenate(hashed, CHECKSUM_NAME + checksum(hashed, hashed.length) + LAST);
    }

    private static byte[] concatenate(byte[] start, String end) {
        byte[] bytes = end.getBytes(StandardCharsets.UTF_8);
        byte[] result = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, result, start.length, bytes.length);
        return result;
    }

    private static String checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    /** Checks the checksum. */
    static void check(Path file, byte[] sealed) throws ImageException {
        int end = sealed.length - CHECKSUM_START;
        if (sealed.length < HASH_START) {
            throw broken(file, "the manifest is cut off");
        }
        if (!text(sealed, end, CHECKSUM_START).equals(CHECKSUM_NAME + checksum(sealed, end) + LAST)) {
            throw broken(file, "the manifest was cut off or changed after it was written");
        }
    }

    /** Whether the hash is right too. */
    static boolean isHashRight(byte[] sealed) {
        int end = start(sealed);
        return end >= 0
                && text(sealed, end, HASH_NAME.length() + Sha256.TEXT_LENGTH)
                        .equals(HASH_NAME + Sha256.of(sealed, end));
    }

    /** Where the hash begins; negative if the manifest is cut off. */
    static int start(byte[] sealed) {
        return sealed.length - HASH_START;
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private static ImageException broken(Path file, String what) {
        return new ImageException(
                ImageProblem.CORRUPT, file, file + ": " + what + "; the image is damaged, use an older one or a copy");
    }
}
