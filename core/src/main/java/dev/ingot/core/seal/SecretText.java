package dev.ingot.core.seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Passwords and tokens: read from a file, or from the environment, never from a command line. */
final class SecretText {
    private static final int MAX_BYTES = 1 << 16;

    private SecretText() {}

    /**
     * The first line of {@code file}; where none is named, the value of an environment variable.
     *
     * @param key whose secret it is, for messages
     * @param what it is called in messages
     */
    static String read(String key, @Nullable String file, String variable, String what) throws KeyException {
        if (file == null) {
            String value = System.getenv(variable);
            if (value == null || value.isEmpty()) {
                throw new KeyException(
                        KeyException.Reason.UNAVAILABLE,
                        "cannot use key " + key + ": it needs a " + what + "; name a file with '" + what
                                + "-file=PATH' behind a '?', or set " + variable);
            }
            return value;
        }
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_BYTES) {
                throw new KeyException(
                        KeyException.Reason.UNAVAILABLE,
                        "cannot use key " + key + ": " + file + " is too large to hold a " + what);
            }
            return Files.readString(path).lines().findFirst().orElse("");
        } catch (IOException unreadable) {
            if (unreadable instanceof KeyException known) {
                throw known;
            }
            // The cause's message is the path, or it says what the system refused.
            throw KeyException.unavailable(
                    key, "cannot read its " + what + " from " + file + " (" + unreadable + ")", unreadable);
        }
    }
}
