package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageStoreTest {
    @TempDir
    Path directory;

    @Test
    void readsWhatWasWritten() throws IOException {
        ImageStore store = ImageStore.at(directory.resolve("images"));

        ImageHandle written = SampleImages.write(store, SampleImages.SMALL);

        ImageHandle read = store.newestComplete(SampleImages.NAME).orElseThrow();
        assertThat(read.directory()).isEqualTo(written.directory());
        assertThat(read.manifest()).isEqualTo(written.manifest());
        assertThat(read.manifest().contents()).isEqualTo(SampleImages.contents());
        assertThat(read.manifest().process()).isEqualTo(SampleImages.process());
        for (Map.Entry<String, byte[]> section : SampleImages.SMALL.entrySet()) {
            assertThat(read(read, section.getKey())).isEqualTo(section.getValue());
        }
        assertThat(ImageStore.verify(read).broken()).isEmpty();
    }

    @Test
    void tellsWhetherAnImageIsBeingWritten() throws IOException {
        ImageStore store = ImageStore.at(directory.resolve("images"));
        long here = ProcessHandle.current().pid();
        assertThat(store.isBeingWritten(SampleImages.NAME, here)).isFalse();

        try (ImageWriter writer = store.begin(SampleImages.description())) {
            assertThat(store.isBeingWritten(SampleImages.NAME, here)).isTrue();
            assertThat(store.isBeingWritten(SampleImages.NAME, here + 1)).isFalse();

            writer.commit(ImageContents.EMPTY);
        }

        assertThat(store.isBeingWritten(SampleImages.NAME, here)).isFalse();
    }

    @Test
    void keepsLargeSectionsThatAreWrittenAtTheSameTime() throws IOException {
        Random random = new Random(42);
        Map<String, byte[]> sections = new LinkedHashMap<>();
        sections.put("compressible", SampleImages.bytes(random, 9_000_001));
        byte[] noise = new byte[5_000_000];
        random.nextBytes(noise);
        sections.put("noise", noise);
        ImageStore store = ImageStore.at(directory);

        ImageHandle image;
        try (ImageWriter writer = store.begin(SampleImages.description())) {
            List<OutputStream> open = new ArrayList<>();
            for (String name : sections.keySet()) {
                open.add(writer.section(name));
            }
            int step = 70_001;
            for (int at = 0; at < 9_000_001; at += step) {
                int i = 0;
                for (byte[] section : sections.values()) {
                    OutputStream out = open.get(i++);
                    if (at < section.length) {
                        out.write(section, at, Math.min(step, section.length - at));
                    }
                }
            }
            for (OutputStream out : open) {
                out.close();
            }
            image = writer.commit(ImageContents.EMPTY);
        }

        for (Map.Entry<String, byte[]> section : sections.entrySet()) {
            assertThat(read(image, section.getKey())).isEqualTo(section.getValue());
        }
        Verification verification = ImageStore.verify(ImageStore.open(image.directory()));
        assertThat(verification.broken()).isEmpty();
        assertThat(verification.chunks()).isEqualTo(14);
        assertThat(verification.storedBytes()).isLessThan(12_500_000);
    }

    @Test
    void countsTheImagesOfAName() throws IOException {
        ImageStore store = ImageStore.at(directory);

        SampleImages.write(store, SampleImages.SMALL);
        SampleImages.write(store, SampleImages.SMALL);
        ImageHandle third = SampleImages.write(store, SampleImages.SMALL);

        assertThat(store.list().stream().map(image -> image.manifest().sequence()))
                .containsExactly(1L, 2L, 3L);
        assertThat(store.newestComplete().orElseThrow().directory()).isEqualTo(third.directory());
        assertThat(third.directory().getFileName().toString()).startsWith("000003-");
        assertThat(store.list().stream().map(image -> image.manifest().id()).distinct())
                .hasSize(3);
    }

    @Test
    void fallsBackToTheNewestImageThatIsComplete() throws IOException {
        ImageStore store = ImageStore.at(directory);
        ImageHandle first = SampleImages.write(store, SampleImages.SMALL);
        ImageHandle second = SampleImages.write(store, SampleImages.SMALL);
        ImageHandle third = SampleImages.write(store, SampleImages.SMALL);
        Files.delete(second.directory().resolve(ImageHandle.MANIFEST));
        Files.write(third.pack(), new byte[] {1}, StandardOpenOption.APPEND);

        assertThat(store.newestComplete(SampleImages.NAME).orElseThrow().directory())
                .isEqualTo(first.directory());
    }

    @Test
    void isEmptyWhereNothingWasWritten() throws IOException {
        ImageStore store = ImageStore.at(directory.resolve("nowhere"));

        assertThat(store.list()).isEmpty();
        assertThat(store.newestComplete()).isEmpty();
        assertThat(store.newestComplete(SampleImages.NAME)).isEmpty();
    }

    @Test
    void leavesNothingBehindWithoutCommit() throws IOException {
        ImageStore store = ImageStore.at(directory);

        try (ImageWriter writer = store.begin(SampleImages.description());
                OutputStream out = writer.section("heap")) {
            out.write(new byte[100_000]);
        }

        assertThat(filesBelow(directory)).allMatch(file -> file.endsWith(".lock"));
    }

    @Test
    void refusesACommitWithAnOpenSection() throws IOException {
        try (ImageWriter writer = ImageStore.at(directory).begin(SampleImages.description())) {
            writer.section("heap");

            assertThatIllegalStateException()
                    .isThrownBy(() -> writer.commit(ImageContents.EMPTY))
                    .withMessageContaining("heap");
        }
    }

    @Test
    void removesWhatADeadWriterLeftButNotWhatALiveOneWrites() throws IOException {
        ImageStore store = ImageStore.at(directory);
        Path dead = directory.resolve(SampleImages.NAME).resolve(".writing-1-dead");
        Files.createDirectories(dead);
        Files.write(dead.resolve(ImageHandle.PACK), new byte[10]);

        try (ImageWriter live = store.begin(SampleImages.description())) {
            SampleImages.write(store, SampleImages.SMALL);

            assertThat(dead).doesNotExist();
            ImageHandle image = live.commit(ImageContents.EMPTY);
            assertThat(image.manifest().sequence()).isEqualTo(2);
        }
    }

    @Test
    void givesAccessToTheOwnerOnly() throws IOException {
        Path images = directory.resolve("images");
        SampleImages.write(ImageStore.at(images), SampleImages.SMALL);

        try (Stream<Path> all = Files.walk(images)) {
            for (Path path : all.toList()) {
                String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("permissions of %s", path)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void prunesAllButTheNewestCompleteImages() throws IOException {
        ImageStore store = ImageStore.at(directory);
        List<Path> images = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            images.add(SampleImages.write(store, SampleImages.SMALL).directory());
        }
        Files.delete(images.get(3).resolve(ImageHandle.PACK));

        List<Path> deleted = SampleImages.prune(store, 2);

        assertThat(deleted).containsExactly(images.get(3), images.get(1), images.get(0));
        assertThat(store.directories(SampleImages.NAME)).containsExactly(images.get(2), images.get(4));
    }

    @Test
    void deletesNothingOutsideTheStore() throws IOException {
        ImageHandle elsewhere = SampleImages.write(ImageStore.at(directory.resolve("a")), SampleImages.SMALL);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageStore.at(directory.resolve("b")).delete(elsewhere));
        assertThat(elsewhere.directory()).exists();
    }

    @Test
    void namesTheSectionsThatExistWhereOneIsMissing() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), Map.of("heap", new byte[1]));

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> image.section("statics"))
                .withMessageContaining("statics")
                .withMessageContaining("[heap]")
                .matches(failure -> failure.problem() == ImageProblem.MISSING);
    }

    @Test
    void refusesNamesThatLeadOutOfTheStore() {
        ImageStore store = ImageStore.at(directory);

        for (String name : List.of("..", "a/b", "", ".hidden", "a b", "x".repeat(101))) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() ->
                            store.begin(new ImageDescription(name, null, "0.1", "w1", SampleImages.process(), 0)));
        }
    }

    @Test
    void refusesEarlyWhatCannotFit() {
        ImageDescription huge =
                new ImageDescription(SampleImages.NAME, null, "0.1", "w1", SampleImages.process(), Long.MAX_VALUE);

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.at(directory).begin(huge))
                .matches(failure -> failure.problem() == ImageProblem.NO_SPACE)
                .withMessageContaining("ingot images prune");
    }

    static byte[] read(ImageHandle image, String section) throws IOException {
        try (InputStream in = image.section(section)) {
            return in.readAllBytes();
        }
    }

    static byte[] readSeries(ImageHandle image, String section) throws IOException {
        try (InputStream in = image.series(section)) {
            return in.readAllBytes();
        }
    }

    private static List<Path> filesBelow(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
