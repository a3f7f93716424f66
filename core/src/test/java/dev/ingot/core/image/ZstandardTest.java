package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a program notices of the native library in its process: nothing. */
@Timeout(600)
class ZstandardTest {
    @TempDir
    Path directory;

    @Test
    void leavesNoFilesAndPrintsNothing() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(directory.resolve("tmp"));

        Path errors = directory.resolve("err");
        int exitCode = writeLargeImage(temporary, errors);

        assertThat(exitCode).as(Files.readString(errors)).isEqualTo(LargeImage.EXIT_CODE);
        assertThat(errors).isEmptyFile();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void doesWithoutWhereTheLibraryCannotBeLoaded() throws IOException, InterruptedException {
        Path errors = directory.resolve("err");

        int exitCode = writeLargeImage(directory.resolve("no such directory"), errors);

        assertThat(exitCode)
                .as("the image is intact but not compressed with Zstandard")
                .isEqualTo(1);
        assertThat(ImageStore.verify(ImageStore.at(directory.resolve("images"))
                                .newestComplete(SampleImages.NAME)
                                .orElseThrow())
                        .broken())
                .isEmpty();
    }

    private int writeLargeImage(Path temporary, Path errors) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                LargeImage.class.getName(),
                directory.resolve("images").toString());
        return new ProcessBuilder(command)
                .redirectError(errors.toFile())
                .start()
                .waitFor();
    }
}
