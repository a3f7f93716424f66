package dev.ingot.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private static final long ALL = Long.MAX_VALUE;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream target = new ByteArrayOutputStream();
    private Path file = Path.of("");
    private Journal journal;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("out");
        journal = new Journal(file, target);
    }

    @AfterEach
    void closeAndRemove() throws IOException {
        journal.close();
        assertThat(file).doesNotExist();
    }

    @Test
    void passesOnUpToTheLimitOnly() throws IOException {
        write("one two");

        journal.passOn(4);
        assertThat(target).hasToString("one ");
        journal.passOn(ALL);
        assertThat(target).hasToString("one two");
    }

    @Test
    void takesBackWhatWasNotPassedOn() throws IOException {
        write("kept lost");
        journal.passOn(4);

        journal.rollBack(4);
        write(" again");
        journal.passOn(ALL);

        assertThat(target).hasToString("kept again");
        assertThat(journal.takeDiverged()).isFalse();
    }

    @Test
    void leavesOutWhatComesAgain() throws IOException {
        write("kept said");
        journal.passOn(ALL);

        journal.rollBack(4);
        write(" sa");
        journal.passOn(ALL);
        // Killed once more, before it came to where it had been.
        journal.rollBack(4);
        write(" said more");
        journal.passOn(ALL);

        assertThat(target).hasToString("kept said more");
        assertThat(journal.takeDiverged()).isFalse();
    }

    @Test
    void saysOnceThatSomethingElseCame() throws IOException {
        write("kept this");
        journal.passOn(ALL);

        journal.rollBack(4);
        write(" that");
        journal.passOn(ALL);

        assertThat(target).hasToString("kept thisat");
        assertThat(journal.takeDiverged()).isTrue();
        assertThat(journal.takeDiverged()).isFalse();
    }

    private void write(String text) throws IOException {
        Files.write(file, text.getBytes(UTF_8), StandardOpenOption.APPEND);
    }
}
