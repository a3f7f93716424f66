package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A 256-bit key in a file: 32 bytes, or these as 64 hexadecimal digits or in Base64 on a line. Read anew each time, so that a
 * key that is replaced takes effect with the next image.
 */
final class KeyFile extends HeldKey {
    private static final int MAX_BYTES = 1024;
    private static final String FORM =
            "it must hold 32 random bytes, or these in hexadecimal or Base64; 'openssl rand -hex 32' makes one";

    KeyFile(KeyName name) {
        super(name);
    }

    @Override
    KeyWrap key(KeyName name) throws KeyException {
        byte[] key = read(name);
        try {
            return new KeyWrap(name, new SecretKeySpec(key, "AES"), Keys.id(key), null);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] read(KeyName name) throws KeyException {
        Path file = Path.of(name.location());
        byte[] content;
        try {
            content = Files.size(file) > MAX_BYTES ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw KeyException.unavailable(name(), "the file cannot be read (" + unreadable + ")", unreadable);
        }
        byte[] key = content.length == Keys.BYTES ? content : decoded(content);
        if (key == null) {
            throw new KeyException(KeyException.Reason.UNAVAILABLE, "cannot use key " + name + ": " + FORM);
        }
        return key;
    }

    private static byte @Nullable [] decoded(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        try {
            byte[] key = text.length() == 2 * Keys.BYTES
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text);
            return key.length == Keys.BYTES ? key : null;
        } catch (IllegalArgumentException neither) {
            return null;
        }
    }
}
