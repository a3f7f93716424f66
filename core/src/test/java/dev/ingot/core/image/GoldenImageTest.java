package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.seal.KeyPairs;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Images that earlier versions of the format wrote are read. If this fails, images that people have can no longer be resumed: do not write the
 * golden images anew, but have the reader take them, or count up the major version of {@link FormatVersion}, say so in the change log
 * and keep the images of the old major version here with the message that they are refused with. A new minor version gets a
 * directory of its own beside the others, by {@link GoldenImages}.
 */
class GoldenImageTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");

    @TempDir
    Path directory;

    static List<Path> versions() throws IOException {
        try (Stream<Path> versions = Files.list(GOLDEN)) {
            return versions.sorted().toList();
        }
    }

    @Test
    void hasImagesOfTheCurrentVersion() throws IOException {
        assertThat(versions()).contains(GOLDEN.resolve(FormatVersion.CURRENT.toString()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void readsImagesOfEachVersion(Path version) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), GoldenImages.KEY);
        assertGolden(ImageStore.at(version.resolve("clear"), ImageKeys.NONE), version);
        assertGolden(ImageStore.at(version.resolve("sealed"), GoldenImages.keys(key)), version);
    }

    /** An image that goes on another holds everything twice. */
    @ParameterizedTest
    @MethodSource("versions")
    void readsImagesThatGoOnOthersOfEachVersionThatHasThem(Path version) throws IOException {
        Path key = Files.writeString(directory.resolve("key"), GoldenImages.KEY);
        for (String form : List.of("clear", "sealed")) {
            ImageStore store = ImageStore.at(
                    version.resolve(form + "-series"), form.equals("clear") ? ImageKeys.NONE : GoldenImages.keys(key));
            assertThat(store.names().isEmpty())
                    .isEqualTo(version.getFileName().toString().equals("1.0"));
            for (ImageHandle image : store.list()) {
                assertGolden(store, version);
                byte[] once = Objects.requireNonNull(GoldenImages.sections().get("noise"));
                assertThat(ImageStoreTest.readSeries(image, "noise"))
                        .startsWith(once)
                        .endsWith(once)
                        .hasSize(2 * once.length);
            }
        }
    }

    @Test
    void believesTheSignaturesOfVersion1_1() throws IOException {
        SigningKey signer = KeyPairs.signing(directory, "signer", GoldenImages.SIGNER);
        ImageKeys trusting = ImageKeys.NONE.trusting(TrustedKeys.read(KeyPairs.trust(directory, "signer", signer)));
        for (String form : List.of("signed", "signed-series")) {
            Path version = GOLDEN.resolve("1.1");
            ImageStore store = ImageStore.at(version.resolve(form), trusting);
            ImageHandle image = store.newestComplete(SampleImages.NAME).orElseThrow();
            assertThat(image.signer()).isEqualTo(signer.fingerprint());
            assertThat(image.before()).hasSize(form.equals("signed") ? 0 : 1);
            assertGolden(store, version);
        }
    }

    private static void assertGolden(ImageStore store, Path version) throws IOException {
        ImageHandle image = store.newestComplete(SampleImages.NAME).orElseThrow();
        assertThat(image.manifest().format()).hasToString(version.getFileName().toString());
        assertThat(image.manifest().created()).isEqualTo(GoldenImages.CREATED);
        assertThat(image.manifest().process()).isEqualTo(SampleImages.process());
        assertThat(image.manifest().contents()).isEqualTo(SampleImages.contents());
        assertThat(LaunchPlan.of(image).workingDirectory()).isEqualTo("/work dir");
        for (Map.Entry<String, byte[]> section : GoldenImages.sections().entrySet()) {
            assertThat(ImageStoreTest.read(image, section.getKey())).isEqualTo(section.getValue());
        }
        assertThat(ImageStore.verify(image).broken()).isEmpty();
    }

    @Test
    void readsANewerMinorVersionAndRefusesANewerMajorOneByName() throws IOException {
        ImageHandle image = SampleImages.write(ImageStore.at(directory), SampleImages.SMALL);
        Path manifest = image.directory().resolve(ImageHandle.MANIFEST);
        String text = Files.readString(manifest);
        text = text.substring(0, text.indexOf(",\n  \"sha256\": \"")) + "\n}";

        String current = "\"format\": \"" + FormatVersion.CURRENT + "\"";

        Files.write(
                manifest,
                ManifestTrailer.seal(
                        text.replace(current, "\"format\": \"1.77\", \"invented\": {\"later\": [1]}"), null));
        assertThat(ImageStore.open(image.directory()).manifest().format()).hasToString("1.77");

        Files.write(manifest, ManifestTrailer.seal(text.replace(current, "\"format\": \"2.0\""), null));
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(image.directory()))
                .matches(failure -> failure.problem() == ImageProblem.UNSUPPORTED)
                .withMessageContaining("its format is 2.0, this Ingot reads 1.x")
                .withMessageContaining("use the Ingot that wrote it (version 0.1)");
    }
}
