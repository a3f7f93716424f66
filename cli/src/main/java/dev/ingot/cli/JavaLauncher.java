package dev.ingot.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds {@code java} launchers. */
final class JavaLauncher {
    private JavaLauncher() {}

    /**
     * The launcher that {@code path} means: itself, or {@code bin/java} of the JDK it is. A single word that names nothing here is looked for where a shell looks
     * for commands.
     */
    static Path in(Path path) {
        return in(path, System.getenv("PATH"));
    }

    /** @param searched directories with colons between them, null for none */
    static Path in(Path path, @Nullable String searched) {
        Path absolute = path.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return absolute.resolve("bin").resolve("java");
        }
        if (path.isAbsolute() || path.getNameCount() > 1 || Files.exists(absolute) || searched == null) {
            return absolute;
        }
        for (String directory : searched.split(File.pathSeparator, -1)) {
            Path found = Path.of(directory).resolve(path).toAbsolutePath();
            if (Files.isRegularFile(found) && Files.isExecutable(found)) {
                return found;
            }
        }
        return absolute;
    }

    /** Whether a command's first word names a launcher. */
    static boolean isOne(String word) {
        String file = word.substring(word.lastIndexOf('/') + 1);
        return file.equals("java") || file.equals("java.exe");
    }
}
