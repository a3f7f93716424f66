package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathEntryTest {
    @TempDir
    private Path directory;

    @Test
    void aJarThatWasOnlyTouchedIsTheSame() throws IOException {
        Path jar = jar("content");
        ClassPathEntry entry = ClassPathEntry.of(jar).withHash();

        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

        assertThat(entry.difference()).isNull();
    }

    @Test
    void aJarWithOtherContentOfTheSameLengthIsNot() throws IOException {
        Path jar = jar("content");
        ClassPathEntry entry = ClassPathEntry.of(jar).withHash();

        jar("CONTENT");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));

        assertThat(entry.difference()).isEqualTo("changed (modified 1970-01-01T00:00:00Z)");
    }

    @Test
    void aMissingOrOtherFileIsNamed() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "one");
        ClassPathEntry entry = ClassPathEntry.of(text).withHash();

        Files.writeString(text, "three");
        assertThat(entry.difference()).isEqualTo("changed (3 bytes then, 5 now)");
        Files.delete(text);
        assertThat(entry.difference()).isEqualTo("is missing");
    }

    @Test
    void aDirectoryIsNotComparedByItsTime() throws IOException {
        ClassPathEntry entry = ClassPathEntry.of(directory).withHash();

        Files.writeString(directory.resolve("more"), "x");
        Files.setLastModifiedTime(directory, FileTime.from(Instant.EPOCH));

        assertThat(entry.difference()).isNull();
    }

    private Path jar(String content) throws IOException {
        Path jar = directory.resolve("some.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            ZipEntry entry = new ZipEntry("file");
            entry.setTime(0);
            entry.setMethod(ZipEntry.DEFLATED);
            zip.putNextEntry(entry);
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }
}
