package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A manifest that says more than there is memory for is one image that cannot be read, not the end of who looks at it. */
class CrowdedManifestTest {
    private static final int VALUES = 8 << 20;

    @TempDir
    Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void isPassedOver() throws Exception {
        ImageStore store = ImageStore.at(directory);
        Path sound = SampleImages.write(store, SampleImages.SMALL).directory();
        Path crowded = SampleImages.write(store, SampleImages.SMALL).directory();
        String values = "{},".repeat(VALUES) + "{}";
        Files.write(
                crowded.resolve(ImageHandle.MANIFEST),
                ManifestTrailer.seal("{\n  \"format\": \"1.1\",\n  \"values\": [" + values + "]\n}", null));

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Looking.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();

        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains(crowded.toString()).contains("the Java heap has no room for what it says");
        assertThat(lines.get(1)).isEqualTo(sound.toString());
    }

    /** Prints why images are passed over, and which one is the newest that is not. */
    static final class Looking {
        private Looking() {}

        public static void main(String[] arguments) throws ImageException {
            ImageStore store = ImageStore.at(Path.of(arguments[0]));
            System.out.println(store.newestSound(SampleImages.NAME, broken -> System.out.println(broken.getMessage()))
                    .orElseThrow()
                    .directory());
        }
    }
}
