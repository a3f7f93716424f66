package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images are what they were wherever they are carried. */
class CarriedImageTest {
    private static final int CHUNK = 1 << 20;

    @TempDir
    Path directory;

    private ImageStore source = ImageStore.at(Path.of("/none"));
    private ImageStore target = source;
    private ImageKeys keys = ImageKeys.NONE;
    private byte[] heap = new byte[0];

    @BeforeEach
    void makeStores() throws IOException {
        source = ImageStore.at(directory.resolve("source"));
        target = ImageStore.at(directory.resolve("target"));
        heap = new byte[3 * CHUNK + 100];
        new Random(1).nextBytes(heap);
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        keys = ImageKeys.sealedOnly(KeyName.parse("file:" + key).provider());
    }

    private ImageHandle write(byte[] content) throws IOException {
        return SampleImages.write(source, Map.of("heap", content, "empty", new byte[0]));
    }

    @Test
    void copiesAnImage() throws IOException {
        ImageHandle image = write(heap);

        ImageCopy copy = copy(image.directory());

        assertThat(copy.changed()).isTrue();
        assertThat(copy.movedBytes()).isEqualTo(image.manifest().packBytes());
        assertSame(image.directory(), copy.image());
        assertThat(target.newestComplete(SampleImages.NAME)).isPresent();
        assertThat(copy(image.directory()).changed()).isFalse();
    }

    @Test
    void takesNoOtherImageForACopy() throws IOException {
        Clock clock = Clock.fixed(Instant.parse("2025-01-02T03:04:05Z"), ZoneOffset.UTC);
        Path image = SampleImages.write(
                        new ImageStore(source.directory(), new FileDisk(), clock, Thread::new, ImageKeys.NONE),
                        SampleImages.SMALL)
                .directory();
        SampleImages.write(
                new ImageStore(target.directory(), new FileDisk(), clock, Thread::new, ImageKeys.NONE),
                Map.of("heap", heap));

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> copy(image))
                .withMessageContaining("another image, or a damaged one, has its place");
    }

    @Test
    void movesOnlyWhatIsMissing() throws IOException {
        copy(write(heap).directory());
        heap[CHUNK + 5] ^= 1;
        ImageHandle second = write(heap);

        ImageCopy copy = copy(second.directory());

        assertThat(copy.movedBytes()).isEqualTo(CHUNK);
        assertThat(copy.reusedBytes()).isEqualTo(second.manifest().packBytes() - CHUNK);
        assertThat(ImageStore.verify(ImageStore.open(copy.image())).isIntact()).isTrue();
        assertSame(second.directory(), copy.image());
    }

    @Test
    void takesNothingFromADamagedImageOfTheTarget() throws IOException {
        Path first = copy(write(heap).directory()).image();
        byte[] pack = Files.readAllBytes(first.resolve(ImageHandle.PACK));
        pack[10] ^= 1;
        Files.write(first.resolve(ImageHandle.PACK), pack);

        ImageCopy copy = copy(write(heap).directory());

        assertThat(copy.movedBytes()).isEqualTo(CHUNK);
        assertThat(ImageStore.verify(ImageStore.open(copy.image())).isIntact()).isTrue();
    }

    @Test
    void goesOnWhereAnInterruptedCopyStopped() throws IOException {
        ImageHandle image = write(heap);
        for (int pieces = 0; pieces < 3; pieces++) {
            try (CarriedImage broken = new BrokenLine(ImageStore.carried(image.directory()), 1)) {
                assertThatExceptionOfType(ImageException.class)
                        .isThrownBy(() -> target.receive(broken))
                        .withMessageContaining("line is cut");
            }
            assertThat(target.newestComplete()).isEmpty();
        }
        // What a crash left half written does not count.
        Path unfinished = target.directory()
                .resolve(SampleImages.NAME)
                .resolve(ImageReceiver.COPYING + image.directory().getFileName());
        try (var pack = Files.newByteChannel(unfinished.resolve(ImageHandle.PACK), StandardOpenOption.WRITE)) {
            pack.truncate(2 * CHUNK + 5);
        }

        ImageCopy copy = copy(image.directory());

        assertThat(copy.reusedBytes()).isEqualTo(2 * CHUNK);
        assertSame(image.directory(), copy.image());
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void takesNoDamagedImage() throws IOException {
        ImageHandle image = write(heap);
        byte[] pack = Files.readAllBytes(image.pack());
        pack[2 * CHUNK] ^= 1;
        Files.write(image.pack(), pack);

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> copy(image.directory()))
                .matches(failure -> failure.problem() == ImageProblem.CORRUPT);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> export(image.directory()))
                .matches(failure -> failure.problem() == ImageProblem.CORRUPT);
        assertThat(target.newestComplete()).isEmpty();
        assertThat(directory.resolve("image.zip")).doesNotExist();
    }

    @Test
    void copiesSealedImagesWithoutTheirKey() throws IOException {
        source = ImageStore.at(source.directory(), keys);
        ImageHandle image = write(heap);

        Path copied = copy(image.directory()).image();
        Path imported = restore(export(image.directory()), directory.resolve("other"));

        for (Path each : List.of(copied, imported)) {
            assertSame(image.directory(), each);
            assertThat(ImageStore.verify(ImageStore.open(each, keys)).isIntact())
                    .isTrue();
        }
    }

    @Test
    void makesOneFileOfAnImageAndBack() throws IOException {
        ImageHandle image = write(heap);

        Path file = export(image.directory());
        Path imported = restore(file, target.directory());

        assertSame(image.directory(), imported);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "sample/" + image.directory().getFileName() + "/chunks.pack",
                            "sample/" + image.directory().getFileName() + "/launch",
                            "sample/" + image.directory().getFileName() + "/manifest.json");
        }
    }

    @Test
    void importsNothingThatIsDamaged() throws IOException {
        Path file = export(write("objects".getBytes(UTF_8)).directory());
        byte[] intact = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < intact.length; i++) {
            byte[] damaged = intact.clone();
            damaged[i] ^= 0x20;
            Files.write(file, damaged);
            Path place = directory.resolve("import-" + i);
            try {
                Path imported = restore(file, place);
                // A bit of the archive's own that matters to nobody, such as a date.
                assertThat(ImageStore.verify(ImageStore.open(imported)).isIntact())
                        .as("byte %d", i)
                        .isTrue();
            } catch (ImageException noticed) {
                assertThat(ImageStore.at(place).list()).as("byte %d", i).isEmpty();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(intact.length / 2);
        for (int length = 0; length < intact.length; length += 7) {
            Files.write(file, Arrays.copyOf(intact, length));
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> restore(file, directory.resolve("cut")))
                    .withMessageContaining(file.toString());
        }
    }

    @Test
    void importsNothingThatLeadsOutOfTheStore() throws IOException {
        for (String entry : List.of(
                "../x/000001-20250101T000000.000Z/chunks.pack",
                "/etc/passwd",
                "a/b/c",
                "a",
                "a/../chunks.pack",
                "a/\0/chunks.pack",
                "a\0/000001-20250101T000000.000Z/chunks.pack")) {
            Path file = directory.resolve("hostile.zip");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(1);
                zip.closeEntry();
            }
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> restore(file, target.directory()))
                    .matches(failure -> failure.problem() == ImageProblem.INVALID);
        }
        assertThat(target.directory()).doesNotExist();
    }

    /** The next image would have a number that no directory can have. */
    @Test
    void importsNoImageBehindWhichNoneCanCome() throws IOException {
        ImageHandle image = write(heap);
        Path last = image.directory().resolveSibling("999999999999999999-20250101T000000.000Z");
        Files.move(image.directory(), last);

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> copy(last))
                .matches(failure -> failure.problem() == ImageProblem.INVALID);
    }

    @Test
    void importsNothingThatIsLargerThanItsFile() throws IOException {
        for (boolean sealed : new boolean[] {false, true}) {
            source = ImageStore.at(directory.resolve("source-" + sealed), sealed ? keys : ImageKeys.NONE);
            Path file = export(write(new byte[CHUNK]).directory());
            Path compressed = directory.resolve("compressed.zip");
            try (ZipFile zip = new ZipFile(file.toFile());
                    ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(compressed))) {
                for (ZipEntry entry : zip.stream().toList()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    zip.getInputStream(entry).transferTo(out);
                    out.closeEntry();
                }
            }
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> restore(compressed, target.directory()))
                    .withMessageContaining("is compressed");
        }
        assertThat(target.directory()).doesNotExist();
    }

    private ImageCopy copy(Path image) throws IOException {
        try (CarriedImage carried = ImageStore.carried(image)) {
            return target.receive(carried);
        }
    }

    private Path export(Path image) throws IOException {
        Path file = directory.resolve("image.zip");
        try (CarriedImage carried = ImageStore.carried(image)) {
            ImageArchive.export(carried, file);
        }
        return file;
    }

    private static Path restore(Path file, Path store) throws IOException {
        return ImageArchive.restore(file, ImageStore.at(store)).image();
    }

    private static void assertSame(Path image, Path copy) throws IOException {
        assertThat(copy.getFileName()).isEqualTo(image.getFileName());
        try (var files = Files.list(image)) {
            for (Path file : files.toList()) {
                assertThat(copy.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
        try (var files = Files.list(image);
                var copies = Files.list(copy)) {
            assertThat(copies.count()).isEqualTo(files.count());
        }
    }

    /** Gives so many pieces and then nothing more. */
    private static final class BrokenLine implements CarriedImage {
        private final CarriedImage image;
        private int left;

        BrokenLine(CarriedImage image, int pieces) {
            this.image = image;
            this.left = pieces;
        }

        @Override
        public String name() {
            return image.name();
        }

        @Override
        public String directory() {
            return image.directory();
        }

        @Override
        public List<List<Piece>> packs() {
            return image.packs();
        }

        @Override
        public byte[] read(int pack, int piece) throws IOException {
            if (left-- == 0) {
                throw new InterruptedIOException("the line is cut");
            }
            return image.read(pack, piece);
        }

        @Override
        public Map<String, byte[]> files() throws IOException {
            return image.files();
        }

        @Override
        public void close() throws IOException {
            image.close();
        }
    }
}
