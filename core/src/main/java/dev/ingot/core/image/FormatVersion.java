package dev.ingot.core.image;

import dev.ingot.core.json.JsonException;

/**
 * The version of the container format. A reader takes any minor version of its own major version: minor versions only add
 * members and sections.
 */
public record FormatVersion(int major, int minor) {
    /** What this version of Ingot writes. */
    public static final FormatVersion CURRENT = new FormatVersion(1, 1);

    static FormatVersion parse(String text) throws JsonException {
        int dot = text.indexOf('.');
        try {
            return new FormatVersion(
                    Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
        } catch (NumberFormatException | StringIndexOutOfBoundsException malformed) {
            throw new JsonException("'" + text + "' is not a format version like 1.0", malformed);
        }
    }

    boolean isReadable() {
        return major == CURRENT.major;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
