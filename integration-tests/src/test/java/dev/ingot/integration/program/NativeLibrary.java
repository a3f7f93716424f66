package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Has loaded a native library from a file of its own, as a program does that unpacks it from a jar, and says at the end whether the
 * process has it. With the argument {@code delete} the file is gone by then.
 */
public final class NativeLibrary {
    private NativeLibrary() {}

    public static void main(String[] arguments) throws IOException {
        Path library = Path.of("libunpacked.so").toAbsolutePath();
        Files.copy(Path.of(System.getProperty("java.home"), "lib", "libprefs.so"), library);
        System.load(library.toString());
        if (arguments.length > 0) {
            Files.delete(library);
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(round);
        }
        System.out.println(Files.readString(Path.of("/proc/self/maps")).contains("libunpacked.so"));
    }
}
