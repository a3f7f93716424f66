package dev.ingot.scheduler.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** By what files, and what is too long to be said again and again, are known: SHA-256 in hexadecimal digits. */
public final class ContentHash {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final int BUFFER_BYTES = 1 << 16;

    private ContentHash() {}

    /** Whether a text can be one. */
    public static boolean isHash(String text) {
        return FORM.matcher(text).matches();
    }

    /** Of a text in UTF-8. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of these bytes. */
    public static String of(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256, this one does not", impossible);
        }
    }

    /** Of a file, however large. */
    public static String of(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[BUFFER_BYTES];
            DigestInputStream digested = new DigestInputStream(content, digest);
            while (digested.read(buffer) >= 0) {
                // The digest sees it.
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
