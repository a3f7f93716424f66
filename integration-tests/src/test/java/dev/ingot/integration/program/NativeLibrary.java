package dev.ingot.integration.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has loaded a native library and says at the end whether the process has it. */
public final class NativeLibrary {
    private NativeLibrary() {}

    public static void main(String[] arguments) throws IOException {
        Path library = Path.of(System.getProperty("java.home"), "lib", "libprefs.so");
        System.load(library.toString());
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(round);
        }
        System.out.println(Files.readString(Path.of("/proc/self/maps"))
                .contains(library.getFileName().toString()));
    }
}
