package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests whose seal is right and whose content is wrong: written on purpose, or by another version. */
class ManifestReaderTest {
    @TempDir
    Path directory;

    private @Nullable ImageHandle written;

    @BeforeEach
    void writeImage() throws IOException {
        written = SampleImages.write(ImageStore.at(directory), Map.of("heap", new byte[100]));
    }

    @Test
    void ignoresMembersOfNewerMinorVersions() throws IOException {
        edit(text -> text.replace("\"format\": \"1.1\"", "\"format\": \"1.9\",\"new\": {\"a\":[1,2.5,null,true]}"));

        assertThat(ImageStore.open(image().directory()).manifest().format()).isEqualTo(new FormatVersion(1, 9));
    }

    @Test
    void refusesAnotherMajorVersionByName() throws IOException {
        edit(text -> text.replace("\"format\": \"1.1\"", "\"format\": \"2.0\""));

        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(image().directory()))
                .withMessageContaining("its format is 2.0")
                .withMessageContaining("version 0.1")
                .matches(failure -> failure.problem() == ImageProblem.UNSUPPORTED);
    }

    @Test
    void refusesSizesOutsideTheLimits() throws IOException {
        for (String lie : new String[] {"-1", "0", "1048577", "2147483648", "99999999999999999999", "1e3", "\"7\""}) {
            refuses(text -> text.replaceFirst("\"plain\": [0-9]+", "\"plain\": " + lie));
            refuses(text -> text.replaceFirst("\"stored\": [0-9]+", "\"stored\": " + lie));
        }
    }

    @Test
    void refusesChunksThatOverlapOrLeaveGaps() throws IOException {
        refuses(text -> text.replaceFirst("\"offset\": 0", "\"offset\": 1"));
        refuses(text -> text.replaceFirst("\"offset\": 0", "\"offset\": 9223372036854775807"));
        refuses(text -> text.replaceFirst("(\\{\"name\": \"heap\", \"chunks\": \\[)(\\{[^}]*\\})", "$1$2,$2"));
    }

    @Test
    void refusesNamesThatAreNone() throws IOException {
        refuses(text -> text.replace("\"name\": \"sample\"", "\"name\": \"../../etc\""));
        refuses(text -> text.replace("\"name\": \"heap\"", "\"name\": \"../heap\""));
        refuses(text -> text.replace("\"codec\": \"deflate\"", "\"codec\": \"magic\""));
    }

    @Test
    void refusesEndlessNesting() throws IOException {
        refuses(text -> text.replace("\"format\": \"1.1\"", "\"format\": \"1.1\", \"x\": " + "[".repeat(100_000)));
    }

    @Test
    void survivesRandomEdits() throws IOException {
        Path file = image().directory().resolve(ImageHandle.MANIFEST);
        String body = body(Files.readString(file));
        Random random = new Random(7);
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder(body);
            for (int edits = random.nextInt(3); edits >= 0; edits--) {
                int at = 1 + random.nextInt(text.length() - 2);
                text.replace(at, Math.min(text.length(), at + random.nextInt(4)), randomText(random));
            }
            Files.write(file, ManifestTrailer.seal(text + "\n}", null));
            try {
                ImageStore.verify(ImageStore.open(image().directory()));
            } catch (ImageException refused) {
                assertThat(refused.getMessage()).contains(image().directory().toString());
            }
        }
    }

    private ImageHandle image() {
        return Objects.requireNonNull(written);
    }

    private static String randomText(Random random) {
        String alphabet = "\"{}[],:0123456789-e.ntf\\u \n";
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private void refuses(UnaryOperator<String> change) throws IOException {
        Path file = image().directory().resolve(ImageHandle.MANIFEST);
        byte[] intact = Files.readAllBytes(file);
        edit(change);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageStore.open(image().directory()))
                .matches(failure -> failure.problem() == ImageProblem.INVALID)
                .withMessageContaining(file.toString());
        Files.write(file, intact);
    }

    private void edit(UnaryOperator<String> change) throws IOException {
        Path file = image().directory().resolve(ImageHandle.MANIFEST);
        String before = body(Files.readString(file));
        String after = change.apply(before);
        assertThat(after).as("the edit changes something").isNotEqualTo(before);
        Files.write(file, ManifestTrailer.seal(after + "\n}", null));
    }

    private static String body(String sealed) {
        return sealed.substring(0, sealed.indexOf(",\n  \"sha256\""));
    }

    @Test
    void sealedManifestIsOneJsonObject() throws IOException, JsonException {
        String text = Files.readString(image().directory().resolve(ImageHandle.MANIFEST));

        assertThat(JsonObject.parse(text).names()).startsWith("format").endsWith("sha256", "crc32c");
    }
}
