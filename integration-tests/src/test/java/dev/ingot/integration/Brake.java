package dev.ingot.integration;

import dev.ingot.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Has a program that goes by {@code Pace} go slowly, so that it does not end while an image is asked for. */
record Brake(Path file) {
    /** The program, obeying this brake. */
    Program on(Program program) {
        return program.with("-Dpace.slow=" + file);
    }

    void pull() throws IOException {
        Files.createFile(file);
    }

    void release() throws IOException {
        Files.delete(file);
    }
}
