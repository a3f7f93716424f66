package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed image opens with its key and shows nothing without; whoever lacks the key cannot make one that opens. */
class SealedImageTest {
    private static final List<String> FILES =
            List.of(ImageHandle.SEAL, ImageHandle.SEALED_MANIFEST, ImageHandle.PACK, ImageHandle.SEALED_LAUNCH);

    @TempDir
    Path directory;

    private KeyProvider key = KeyName.parse("file:/none").provider();
    private ImageKeys keys = ImageKeys.NONE;
    private ImageStore store = ImageStore.at(Path.of("/none"));

    @BeforeEach
    void makeStore() throws IOException {
        key = key(1);
        keys = ImageKeys.sealedOnly(key);
        store = ImageStore.at(directory.resolve("images"), keys);
    }

    private KeyProvider key(int seed) throws IOException {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return KeyName.parse("file:" + Files.write(directory.resolve("key-" + seed), bytes))
                .provider();
    }

    @Test
    void readsWhatWasWritten() throws IOException {
        SampleImages.write(store, SampleImages.SMALL);

        ImageHandle read = store.newestComplete(SampleImages.NAME).orElseThrow();

        assertThat(read.isSealed()).isTrue();
        for (Map.Entry<String, byte[]> section : SampleImages.SMALL.entrySet()) {
            assertThat(ImageStoreTest.read(read, section.getKey())).isEqualTo(section.getValue());
        }
        assertThat(ImageStore.verify(read).broken()).isEmpty();
        assertThat(LaunchPlan.of(read).workingDirectory()).isEqualTo("/work dir");
        assertThat(store.newestSound(SampleImages.NAME, unusable -> {})).isPresent();
    }

    @Test
    void readsLargeSections() throws IOException {
        byte[] heap = SampleImages.bytes(new Random(3), 7_000_001);
        byte[] noise = new byte[2_500_000];
        new Random(4).nextBytes(noise);

        ImageHandle image = SampleImages.write(store, Map.of("heap", heap, "noise", noise));

        ImageHandle read = ImageStore.open(image.directory(), keys);
        assertThat(ImageStoreTest.read(read, "heap")).isEqualTo(heap);
        assertThat(ImageStoreTest.read(read, "noise")).isEqualTo(noise);
        assertThat(ImageStore.verify(read).broken()).isEmpty();
    }

    @Test
    void showsNothingToWhoHasNoKey() throws IOException {
        ImageHandle image = SampleImages.write(store, SampleImages.SMALL);

        try (Stream<Path> files = Files.list(image.directory())) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("objects of a program")
                        .doesNotContain("com.example")
                        .doesNotContain("work dir");
            }
        }
        assertProblem(ImageProblem.KEY, image.directory(), ImageKeys.NONE);
        assertProblem(ImageProblem.KEY, image.directory(), ImageKeys.sealedOnly(key(2)));
        assertProblem(
                ImageProblem.KEY,
                image.directory(),
                ImageKeys.sealedOnly(KeyName.parse("file:/none/key").provider()));
    }

    @Test
    void noticesEveryFlippedBit() throws IOException {
        ImageHandle image = SampleImages.write(store, Map.of("heap", new byte[] {1, 2, 3}));
        for (String name : FILES) {
            Path file = image.directory().resolve(name);
            byte[] intact = Files.readAllBytes(file);
            for (int i = 0; i < intact.length; i++) {
                byte[] damaged = intact.clone();
                damaged[i] ^= (byte) (1 << (i % 8));
                Files.write(file, damaged);
                assertThat(isNoticed(image.directory()))
                        .as("bit flipped at byte %d of %s", i, name)
                        .isTrue();
            }
            Files.write(file, intact);
        }
        assertThat(isNoticed(image.directory())).isFalse();
    }

    private boolean isNoticed(Path image) throws IOException {
        try {
            ImageHandle opened = ImageStore.open(image, keys);
            // What the seal says of the pack's size is for lists, and the manifest has the last word.
            return !ImageStore.verify(opened).isIntact()
                    || ImageStore.seal(image).orElseThrow().packBytes()
                            != opened.manifest().packBytes()
                    || !Files.readString(image.resolve(ImageHandle.SEAL)).contains("\n  \"packBytes\": ");
        } catch (ImageException noticed) {
            return true;
        }
    }

    @Test
    void opensNothingThatWasMixedFromTwoImages() throws IOException {
        ImageHandle first = SampleImages.write(store, SampleImages.SMALL);
        ImageHandle second = SampleImages.write(store, SampleImages.SMALL);
        for (String name : FILES) {
            Path file = first.directory().resolve(name);
            byte[] own = Files.readAllBytes(file);
            Files.copy(second.directory().resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(isNoticed(first.directory())).as(name).isTrue();
            Files.write(file, own);
        }
        assertThat(isNoticed(first.directory())).isFalse();
    }

    @Test
    void takesNoImageInTheClearInPlaceOfASealedOne() throws IOException {
        ImageStore clear = ImageStore.at(store.directory());
        ImageHandle image = SampleImages.write(clear, SampleImages.SMALL);

        assertProblem(ImageProblem.NOT_SEALED, image.directory(), keys);
        assertThat(ImageStore.open(image.directory(), ImageKeys.either(key)).isSealed())
                .isFalse();
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.newestSound(SampleImages.NAME, unusable -> {}))
                .matches(failure -> failure.problem() == ImageProblem.NOT_SEALED);
    }

    @Test
    void goesBackToNoOlderImageForWantOfAKey() throws IOException {
        SampleImages.write(store, SampleImages.SMALL);
        SampleImages.write(ImageStore.at(store.directory(), ImageKeys.sealedOnly(key(2))), SampleImages.SMALL);

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.newestSound(SampleImages.NAME, unusable -> {}))
                .matches(failure -> failure.problem() == ImageProblem.KEY);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.newestComplete(SampleImages.NAME))
                .matches(failure -> failure.problem() == ImageProblem.KEY);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void prunesWithoutTheKeyAsWithIt() throws IOException {
        Path first = SampleImages.write(store, SampleImages.SMALL).directory();
        Path second = SampleImages.write(store, SampleImages.SMALL).directory();
        Path cut = SampleImages.write(store, SampleImages.SMALL).directory();
        Files.write(cut.resolve(ImageHandle.PACK), new byte[1]);

        List<Path> deleted = SampleImages.prune(ImageStore.at(store.directory()), 1);

        assertThat(deleted).containsExactly(first);
        assertThat(store.directories(SampleImages.NAME)).containsExactly(second, cut);
    }

    @Test
    void isOpenedByAnotherKeyOnceItIsWrappedByIt() throws IOException {
        Path image = SampleImages.write(store, SampleImages.SMALL).directory();
        KeyProvider fresh = key(2);
        byte[] pack = Files.readAllBytes(image.resolve(ImageHandle.PACK));

        assertThat(store.rewrap(image, fresh)).isTrue();
        assertThat(store.rewrap(image, fresh)).isFalse();

        ImageHandle opened = ImageStore.open(image, ImageKeys.sealedOnly(fresh));
        assertThat(ImageStore.verify(opened).isIntact()).isTrue();
        assertThat(pack).isEqualTo(Files.readAllBytes(opened.pack()));
        assertProblem(ImageProblem.KEY, image, keys);
        assertThat(filesOf(image)).containsExactlyInAnyOrderElementsOf(FILES);
    }

    @Test
    void isNotWrappedAnewWhereTheOldKeyDoesNotOpenIt() throws IOException {
        Path image = SampleImages.write(store, SampleImages.SMALL).directory();
        byte[] seal = Files.readAllBytes(image.resolve(ImageHandle.SEAL));
        ImageStore wrong = ImageStore.at(store.directory(), ImageKeys.sealedOnly(key(2)));

        assertThatExceptionOfType(ImageException.class).isThrownBy(() -> wrong.rewrap(image, key(3)));

        assertThat(Files.readAllBytes(image.resolve(ImageHandle.SEAL))).isEqualTo(seal);
    }

    @Test
    void isGoneForGoodOnceItsKeyIsErased() throws IOException {
        Path image = SampleImages.write(store, SampleImages.SMALL).directory();
        Path older = image;
        Path newer = SampleImages.write(store, SampleImages.SMALL).directory();

        assertThat(store.erase(newer)).isTrue();
        assertThat(store.erase(newer)).isFalse();

        assertProblem(ImageProblem.ERASED, newer, keys);
        assertThat(filesOf(newer)).containsExactlyInAnyOrderElementsOf(FILES);
        assertThat(Files.readString(newer.resolve(ImageHandle.SEAL))).doesNotContain("wrappedKey");
        assertThat(store.newestComplete(SampleImages.NAME).orElseThrow().directory())
                .isEqualTo(older);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> store.rewrap(newer, key(2)))
                .matches(failure -> failure.problem() == ImageProblem.KEY);
    }

    @Test
    void leavesNothingBehindWhereTheKeyCannotBeHad() {
        ImageStore lost = ImageStore.at(
                store.directory(),
                ImageKeys.sealedOnly(KeyName.parse("file:/none/key").provider()));

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> lost.begin(SampleImages.description()))
                .withMessageContaining("cannot seal an image")
                .withMessageContaining("/none/key");
    }

    private static List<String> filesOf(Path image) throws IOException {
        try (Stream<Path> files = Files.list(image)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertProblem(ImageProblem problem, Path image, ImageKeys keys) {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(image, keys))
                .matches(failure -> failure.problem() == problem)
                .withMessageContaining(image.toString());
    }
}
