package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.FuzzInputs;
import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What lies beside the chunks of an image, or an exported one, as anybody might have written it. {@code dev/fuzz} looks for inputs that end otherwise than by being taken
 * or refused; the test takes those that are kept. Public because Jazzer calls it.
 */
public class ImageFuzzTest {
    private static FuzzInputs.Target chosen = target("manifest");

    /** Called by Jazzer once, with the name of a target. */
    public static void fuzzerInitialize(String[] arguments) {
        chosen = target(arguments[0]);
    }

    /** Called by Jazzer with each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        chosen.take(input);
    }

    private static FuzzInputs.Target target(String name) {
        return switch (name) {
            case "manifest" -> ImageFuzzTest::manifest;
            case "manifestWithChecksum" -> ImageFuzzTest::manifestWithChecksum;
            case "seal" -> ImageFuzzTest::seal;
            case "archive" -> ImageFuzzTest::archive;
            default -> throw new IllegalArgumentException("there is no target " + name);
        };
    }

    static List<Arguments> inputs() throws IOException {
        return FuzzInputs.of(ImageFuzzTest.class);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void takesOrRefusesWhatIsKept(String target, Path input) throws Exception {
        target(target).take(Files.readAllBytes(input));
    }

    private static void manifest(byte[] bytes) throws ImageException {
        Path file = Path.of("manifest.json");
        Manifest read;
        try {
            read = new ManifestReader(file, null).parseChecked(bytes);
        } catch (ImageException refused) {
            return;
        }
        Manifest again = new ManifestReader(file, null).parseChecked(ManifestWriter.write(read, null));
        assertThat(again).isEqualTo(read);
    }

    /** With a checksum that is right, which a fuzzer does not find by itself. */
    private static void manifestWithChecksum(byte[] bytes) throws ImageException {
        manifest(ManifestTrailer.seal(new String(bytes, UTF_8) + "\n}", null));
    }

    private static void seal(byte[] bytes) throws KeyException {
        Seal read;
        try {
            read = Seal.parse(bytes);
        } catch (KeyException refused) {
            return;
        }
        assertThat(Seal.parse(read.toBytes())).isEqualTo(read);
    }

    private static void archive(byte[] bytes) throws IOException {
        Path directory = Files.createTempDirectory("fuzz");
        try {
            Path file = Files.write(directory.resolve("image.zip"), bytes);
            ImageStore store = ImageStore.at(directory.resolve("store"));
            try {
                Path image = ImageArchive.restore(file, store).image();
                assertThat(image.startsWith(store.directory())).isTrue();
            } catch (ImageException refused) {
                for (String name : store.names()) {
                    assertThat(store.directories(name)).isEmpty();
                }
            }
            try (Stream<Path> entries = Files.list(directory)) {
                assertThat(entries).isSubsetOf(file, store.directory());
            }
        } finally {
            new FileDisk().deleteTree(directory);
        }
    }
}
