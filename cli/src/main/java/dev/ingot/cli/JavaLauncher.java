package dev.ingot.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds {@code java} launchers. */
final class JavaLauncher {
    private JavaLauncher() {}

    /** The launcher that {@code path} means: itself, or {@code bin/java} of the JDK it is. */
    static Path in(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return Files.isDirectory(absolute) ? absolute.resolve("bin").resolve("java") : absolute;
    }

    /** Whether a command's first word names a launcher. */
    static boolean isOne(String word) {
        String file = word.substring(word.lastIndexOf('/') + 1);
        return file.equals("java") || file.equals("java.exe");
    }
}
