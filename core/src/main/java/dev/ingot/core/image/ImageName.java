package dev.ingot.core.image;

import java.util.Locale;

/**
 * Names of workloads. A name is also a directory, so only letters, digits, dot, dash and underscore are allowed, beginning
 * with a letter or digit, 100 characters at most.
 */
public final class ImageName {
    private static final int MAX_LENGTH = 100;
    private static final int MAX_SECTION_LENGTH = 64;

    private ImageName() {}

    public static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !isAlphanumeric(name.charAt(0))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            if (!isAlphanumeric(name.charAt(i)) && "._-".indexOf(name.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /**
     * Returns {@code name} if it is valid.
     *
     * @throws IllegalArgumentException otherwise
     */
    public static String require(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("name '" + name + "' cannot be the name of an image: use 1 to "
                    + MAX_LENGTH + " letters, digits, dots, dashes and underscores, beginning with a letter or digit");
        }
        return name;
    }

    /**
     * A valid name made of what a program calls itself: {@code com.example.Main}, {@code lib/app-1.2.jar},
     * {@code module/com.example.Main}. Falls back to {@code java}.
     */
    public static String derive(String mainClassOrJar) {
        String last = mainClassOrJar.substring(mainClassOrJar.lastIndexOf('/') + 1);
        last = last.substring(last.lastIndexOf('\\') + 1);
        String plain = last.endsWith(".jar") ? last.substring(0, last.length() - ".jar".length()) : last;
        String safe = plain.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[^A-Za-z0-9]+", "");
        if (safe.isEmpty()) {
            return "java";
        }
        return safe.substring(0, Math.min(safe.length(), MAX_LENGTH));
    }

    static boolean isSection(String name) {
        return isValid(name) && name.length() <= MAX_SECTION_LENGTH && name.equals(name.toLowerCase(Locale.ROOT));
    }
}
