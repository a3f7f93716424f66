package dev.ingot.integration.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/** Reads out a file that came with it, slowly, and keeps it open meanwhile. */
public final class Librarian {
    private Librarian() {}

    public static void main(String[] arguments) throws IOException {
        Path book = Path.of(Objects.requireNonNull(System.getenv("INGOT_FILES")), "shelf", "book.txt");
        System.out.println(PosixFilePermissions.toString(Files.getPosixFilePermissions(book)));
        System.out.println(book.equals(Path.of(arguments[0])) && Files.isSameFile(book, Path.of("shelf/book.txt")));
        try (BufferedReader lines = Files.newBufferedReader(book)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Pace.say(line);
            }
        }
        // A class of the jar that nobody has needed before.
        Pace.say(Colophon.TEXT.get(0));
    }

    private static final class Colophon {
        static final List<String> TEXT = List.of("end");
    }
}
