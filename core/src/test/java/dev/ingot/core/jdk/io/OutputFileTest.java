package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFileTest {
    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() throws Exception {
        file = directory.toRealPath().resolve("output");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnAtTheLengthOfTheCheckpoint(boolean appending) throws Exception {
        try (FileOutputStream stream = new FileOutputStream(file.toFile(), appending)) {
            write(stream, "kept ");
            OutputFile output = taken();
            write(stream, "written again");

            long begun = OutputFile.lengthOf(descriptor());
            write(stream, "said meanwhile ");
            OutputFile.fromState(output.toState()).rollBack(descriptor(), begun);
            write(stream, "and more");
        }
        assertThat(file).hasContent("kept said meanwhile and more");
    }

    @Test
    void leavesAnotherFileOfThatNameAlone() throws Exception {
        OutputFile output;
        Path first = directory.resolve("first");
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            write(stream, "old");
            output = taken();
            Files.move(file, first);
        }
        try (FileOutputStream stream = new FileOutputStream(file.toFile())) {
            write(stream, "begun anew");
            output.rollBack(descriptor(), OutputFile.lengthOf(descriptor()));
        }
        assertThat(file).hasContent("begun anew");
        assertThat(first).hasContent("old");
    }

    @Test
    void leavesAFileThatWasEmptiedAlone() throws Exception {
        try (FileOutputStream stream = new FileOutputStream(file.toFile(), true)) {
            write(stream, "before the checkpoint");
            OutputFile output = taken();
            new FileOutputStream(file.toFile()).close();
            write(stream, "new");

            output.rollBack(descriptor(), OutputFile.lengthOf(descriptor()));
        }
        assertThat(file).hasContent("new");
    }

    private static void write(FileOutputStream stream, String text) throws Exception {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private OutputFile taken() throws Exception {
        return Objects.requireNonNull(OutputFile.of(descriptor()));
    }

    private int descriptor() throws Exception {
        return Descriptor.all().stream()
                .filter(open -> open.target().equals(file.toString()))
                .findFirst()
                .orElseThrow()
                .number();
    }
}
