package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that go on others are what they were wherever they are carried, whatever becomes of the others, sealed or not. */
class ImageSeriesTest {
    private static final int IMAGES = 3;
    private static final int CHUNK = 1 << 20;

    @TempDir
    Path directory;

    private final List<byte[]> parts = new ArrayList<>();
    private ImageKeys keys = ImageKeys.NONE;
    private ImageStore source = ImageStore.at(Path.of("/none"));

    private enum Way {
        COPY,
        EXPORT
    }

    /** Three images, each of which goes on those before. */
    private List<ImageHandle> write(boolean sealed) throws IOException {
        if (sealed) {
            keys = ImageKeys.sealedOnly(key("key"));
        }
        source = ImageStore.at(directory.resolve("source"), keys);
        List<ImageHandle> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            images.add(writeNext(images));
        }
        return images;
    }

    private ImageHandle writeNext(List<ImageHandle> images) throws IOException {
        byte[] part = new byte[CHUNK + 100];
        new Random(parts.size()).nextBytes(part);
        parts.add(part);
        try (ImageWriter writer = source.begin(SampleImages.description())) {
            if (!images.isEmpty()) {
                writer.goOn(images.get(images.size() - 1));
            }
            try (OutputStream out = writer.section("heap")) {
                out.write(part);
            }
            return writer.commit(SampleImages.contents());
        }
    }

    private KeyProvider key(String name) throws IOException {
        byte[] bytes = new byte[32];
        new Random(name.hashCode()).nextBytes(bytes);
        return KeyName.parse("file:" + Files.write(directory.resolve(name), bytes))
                .provider();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyImageIsWholeByItself(boolean sealed) throws IOException {
        List<ImageHandle> images = write(sealed);

        for (int kept = 0; kept < IMAGES; kept++) {
            ImageStore store = ImageStore.at(copyOf(source.directory()), keys);
            for (int i = 0; i < IMAGES; i++) {
                if (i != kept) {
                    store.delete(in(store, images.get(i)));
                }
            }
            assertWhole(in(store, images.get(kept)), kept);
        }
    }

    @ParameterizedTest
    @CsvSource({"COPY,false", "COPY,true", "EXPORT,false", "EXPORT,true"})
    void isCarriedWhole(Way way, boolean sealed) throws IOException {
        List<ImageHandle> images = write(sealed);

        for (int i = 0; i < IMAGES; i++) {
            ImageStore alone = ImageStore.at(directory.resolve("alone-" + i));
            ImageCopy copy = carry(way, images.get(i).directory(), alone);
            assertThat(copy.reusedBytes()).isZero();
            assertSame(images.get(i).directory(), copy.image());
            assertWhole(copy.image(), i);
        }
    }

    /** What the images of the other place have is neither moved nor stored again, whichever comes first. */
    @ParameterizedTest
    @CsvSource({"COPY,false", "COPY,true", "EXPORT,false", "EXPORT,true"})
    void sharesPacksWithOtherImagesOfTheTarget(Way way, boolean sealed) throws IOException {
        List<ImageHandle> images = write(sealed);
        ImageStore target = ImageStore.at(directory.resolve("target"), keys);
        List<Path> copies = new ArrayList<>();
        for (int i : new int[] {1, 0, 2}) {
            ImageCopy copy = carry(way, images.get(i).directory(), target);
            copies.add(copy.image());
            long own = images.get(i).manifest().packBytes();
            if (i == 2) {
                assertThat(copy.movedBytes()).isEqualTo(own);
                assertThat(copy.reusedBytes()).isGreaterThan(CHUNK);
            }
        }

        assertThat(Files.getAttribute(copies.get(2).resolve("before-1/chunks.pack"), "unix:ino"))
                .isEqualTo(Files.getAttribute(copies.get(0).resolve("chunks.pack"), "unix:ino"));
        target.delete(copies.get(0));
        target.delete(copies.get(1));
        assertWhole(copies.get(2), 2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesNoDamagedPackOfTheTarget(boolean sealed) throws IOException {
        List<ImageHandle> images = write(sealed);
        ImageStore target = ImageStore.at(directory.resolve("target"), keys);
        Path first = carry(Way.COPY, images.get(0).directory(), target).image();
        damage(first.resolve(ImageHandle.PACK));
        byte[] damaged = Files.readAllBytes(first.resolve(ImageHandle.PACK));

        Path second = carry(Way.COPY, images.get(1).directory(), target).image();

        assertWhole(second, 1);
        assertThat(first.resolve(ImageHandle.PACK)).hasBinaryContent(damaged);
    }

    /** An earlier call has linked a pack of the target, which is damaged since. It belongs to another image too. */
    @Test
    void writesToNoPackThatAnotherImageHas() throws IOException {
        List<ImageHandle> images = write(false);
        ImageStore target = ImageStore.at(directory.resolve("target"));
        Path first = carry(Way.COPY, images.get(0).directory(), target).image();
        Path unfinished = Files.createDirectories(first.resolveSibling(
                        ImageReceiver.COPYING + images.get(1).directory().getFileName()))
                .resolve("before-0");
        Files.createDirectories(unfinished);
        Files.createLink(unfinished.resolve(ImageHandle.PACK), first.resolve(ImageHandle.PACK));
        damage(first.resolve(ImageHandle.PACK));
        byte[] damaged = Files.readAllBytes(first.resolve(ImageHandle.PACK));

        Path second = carry(Way.COPY, images.get(1).directory(), target).image();

        assertWhole(second, 1);
        assertThat(first.resolve(ImageHandle.PACK)).hasBinaryContent(damaged);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void carriesNoImageWithADamagedPart(Way way) throws IOException {
        for (boolean sealed : List.of(false, true)) {
            ImageHandle last = write(sealed).get(2);
            Path manifest = last.directory().resolve("before-1").resolve(ImageFiles.manifest(sealed));
            Files.delete(manifest);
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> carry(way, last.directory(), ImageStore.at(directory.resolve("target"))));
            assertThat(ImageStore.at(directory.resolve("target")).list()).isEmpty();
            parts.clear();
            source.delete(last);
        }
    }

    @Test
    void opensByTheNewKeyAloneOnceAllAreRewrapped() throws IOException {
        List<ImageHandle> images = write(true);
        KeyProvider fresh = key("fresh");
        source.rewrap(images.get(1).directory(), fresh);
        source.rewrap(images.get(2).directory(), fresh);

        // Each has its own seal: the first still opens by the old one.
        assertWhole(images.get(0).directory(), 0);
        Files.delete(directory.resolve("key"));
        keys = ImageKeys.sealedOnly(fresh);
        assertWhole(images.get(1).directory(), 1);
        assertWhole(images.get(2).directory(), 2);
    }

    @Test
    void erasesOneImageAndNoOther() throws IOException {
        List<ImageHandle> images = write(true);

        assertThat(source.erase(images.get(0).directory())).isTrue();

        assertThat(source.goingOn(images.get(0).directory()))
                .containsExactly(images.get(1).directory(), images.get(2).directory());
        assertThat(source.goingOn(images.get(2).directory())).isEmpty();
        assertWhole(images.get(1).directory(), 1);
        assertWhole(images.get(2).directory(), 2);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> source.openAny(images.get(0).directory()))
                .matches(failure -> failure.problem() == ImageProblem.ERASED);
    }

    /** What was to be gone for good gets into no image that is written afterwards. */
    @Test
    void doesNotGoOnAnErasedImage() throws IOException {
        List<ImageHandle> images = write(true);
        source.erase(images.get(2).directory());

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> writeNext(images))
                .matches(failure -> failure.problem() == ImageProblem.ERASED);
    }

    @Test
    void doesNotGoOnAnImageThatAnotherKeySealed() throws IOException {
        List<ImageHandle> images = write(true);
        for (ImageKeys others : List.of(ImageKeys.sealedOnly(key("other")), ImageKeys.NONE)) {
            source = ImageStore.at(source.directory(), others);
            assertThatExceptionOfType(ImageException.class)
                    .isThrownBy(() -> writeNext(images))
                    .matches(failure -> failure.problem() == ImageProblem.UNSUPPORTED);
        }
        assertThat(source.directories(SampleImages.NAME)).hasSize(IMAGES);
    }

    @Test
    void opensNoPartThatBelongsToAnotherImage() throws IOException {
        List<ImageHandle> images = write(true);
        Path last = images.get(2).directory();
        for (String file : List.of(ImageHandle.SEALED_KEY, ImageHandle.SEALED_MANIFEST, ImageHandle.PACK)) {
            swap(
                    last.resolve("before-0").resolve(file),
                    last.resolve("before-1").resolve(file));
            assertThatExceptionOfType(ImageException.class)
                    .as(file)
                    .isThrownBy(() -> ImageStoreTest.readSeries(source.openAny(last), "heap"))
                    .matches(failure -> failure.problem() == ImageProblem.CORRUPT);
            swap(
                    last.resolve("before-0").resolve(file),
                    last.resolve("before-1").resolve(file));
        }
        // Both as a whole, each sound in itself.
        swap(last.resolve("before-0"), last.resolve("before-1"));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> source.openAny(last))
                .matches(failure -> failure.problem() == ImageProblem.CORRUPT);
    }

    @Test
    void showsNoKeyOfAnEarlierImage() throws IOException {
        Path last = write(true).get(2).directory();

        for (int i = 0; i < 2; i++) {
            Path before = last.resolve("before-" + i);
            try (Stream<Path> files = Files.list(before)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("chunks.pack", "key.sealed", "manifest.sealed");
            }
            assertThat(Files.getPosixFilePermissions(before.resolve("key.sealed")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(before.resolve("key.sealed"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("aes-256")
                    .doesNotContain("chacha");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pruningCountsSharedPacksOnce(boolean sealed) throws IOException {
        List<ImageHandle> images = write(sealed);
        long all =
                images.stream().mapToLong(image -> image.manifest().packBytes()).sum();

        assertThat(source.condemned(List.of(SampleImages.NAME), Retention.newest(IMAGES), all))
                .isEmpty();
        assertThat(source.condemned(List.of(SampleImages.NAME), Retention.newest(IMAGES), all - 1))
                .hasSize(2);
    }

    private void assertWhole(Path image, int number) throws IOException {
        ImageHandle handle = ImageStore.open(image, keys);
        assertThat(ImageStore.verify(handle).broken()).isEmpty();
        byte[] expected = new byte[0];
        for (byte[] part : parts.subList(0, number + 1)) {
            byte[] joined = Arrays.copyOf(expected, expected.length + part.length);
            System.arraycopy(part, 0, joined, expected.length, part.length);
            expected = joined;
        }
        assertThat(ImageStoreTest.readSeries(handle, "heap")).isEqualTo(expected);
    }

    private ImageCopy carry(Way way, Path image, ImageStore target) throws IOException {
        try (CarriedImage carried = ImageStore.carried(image)) {
            return switch (way) {
                case COPY -> target.receive(carried);
                case EXPORT -> {
                    Path file = directory.resolve("image.zip");
                    ImageArchive.export(carried, file);
                    yield ImageArchive.restore(file, target);
                }
            };
        }
    }

    private static void damage(Path pack) throws IOException {
        byte[] bytes = Files.readAllBytes(pack);
        bytes[10] ^= 1;
        Files.write(pack, bytes);
    }

    private static void swap(Path one, Path other) throws IOException {
        Path aside = one.resolveSibling("aside");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other);
    }

    private static Path in(ImageStore store, ImageHandle image) {
        return store.directory()
                .resolve(SampleImages.NAME)
                .resolve(image.directory().getFileName());
    }

    private Path copyOf(Path store) throws IOException {
        Path copy = Files.createTempDirectory(directory, "copy");
        try (Stream<Path> all = Files.walk(store)) {
            for (Path path : all.sorted(Comparator.naturalOrder()).skip(1).toList()) {
                Files.copy(path, copy.resolve(store.relativize(path).toString()));
            }
        }
        return copy;
    }

    private static void assertSame(Path image, Path copy) throws IOException {
        assertThat(contents(copy)).isEqualTo(contents(image));
    }

    private static Map<String, String> contents(Path image) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(image)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                contents.put(image.relativize(path).toString(), Sha256.of(bytes, bytes.length));
            }
        }
        return contents;
    }
}
