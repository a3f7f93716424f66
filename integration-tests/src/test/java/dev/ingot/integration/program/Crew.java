package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Copies of one program that share the work: each takes the next piece that nobody has taken, and says when others run than before. Its argument
 * is the directory in which they see who has taken what.
 */
public final class Crew {
    private Crew() {}

    public static void main(String[] arguments) throws IOException {
        Path taken = Path.of(arguments[0]);
        String own = System.getenv("INGOT_GANG_INDEX");
        String running = "";
        for (int piece = 1; piece <= Pace.ROUNDS; piece++) {
            String now = System.getProperty("ingot.gang.running");
            if (!running.equals(now)) {
                running = now;
                System.out.println("running: " + running);
            }
            if (take(taken.resolve("piece-" + piece), own)) {
                Pace.say("piece " + piece);
            }
        }
    }

    /** One that goes back to an image does again what it took since. */
    private static boolean take(Path piece, String own) throws IOException {
        try {
            Files.writeString(piece, own, StandardOpenOption.CREATE_NEW);
            return true;
        } catch (FileAlreadyExistsException somebodyHas) {
            return Files.readString(piece).equals(own);
        }
    }
}
