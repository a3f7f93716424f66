package dev.ingot.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.core.seal.KeyName;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkSidecarTest {
    private static final String SECTION = "heap";

    @TempDir
    private Path directory;

    private static ChunkSidecar start() throws Exception {
        return ChunkSidecar.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SidecarProcess.class.getName()),
                Thread::new);
    }

    /** Of chunks that can and that cannot be compressed, and a last one that is short. */
    private static byte[] content() {
        byte[] content = new byte[(20 << 20) + 5];
        Random random = new Random(3);
        byte[] noise = new byte[3 << 20];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, content, 7 << 20, noise.length);
        for (int index = 0; index < content.length; index += 1 + random.nextInt(300)) {
            content[index] = (byte) index;
        }
        return content;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anImageIsTheSameByWhomeverItIsCompressed(boolean sealed) throws Exception {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        ImageKeys keys =
                sealed ? ImageKeys.sealedOnly(KeyName.parse("file:" + key).provider()) : ImageKeys.NONE;
        byte[] content = content();
        try (ChunkSidecar sidecar = start()) {
            ImageStore store = ImageStore.at(directory.resolve("images"), keys);
            ImageHandle helped = write(store.with(() -> sidecar), content);
            ImageHandle alone = write(store, content);

            assertThat(sidecar.isAlive()).isTrue();
            assertThat(read(helped)).isEqualTo(content);
            assertThat(ImageStore.verify(helped).isIntact()).isTrue();
            assertThat(read(alone)).isEqualTo(content);
            assertThat(helped.manifest().packBytes()).isLessThan(content.length / 2);
        }
    }

    @Test
    @SuppressWarnings("try") // It is closed in the midst of an image.
    void anImageIsCompletedWithoutASidecarThatEnds() throws Exception {
        byte[] content = content();
        try (ChunkSidecar sidecar = start()) {
            ImageStore store = ImageStore.at(directory.resolve("images")).with(() -> sidecar);
            try (ImageWriter writer = store.begin(SampleImages.description())) {
                try (OutputStream out = writer.section(SECTION)) {
                    out.write(content, 0, 10 << 20);
                    sidecar.close();
                    out.write(content, 10 << 20, content.length - (10 << 20));
                }
                ImageHandle image = writer.commit(SampleImages.contents());

                assertThat(read(image)).isEqualTo(content);
            }
            await().until(() -> !sidecar.isAlive());
        }
    }

    private static ImageHandle write(ImageStore store, byte[] content) throws Exception {
        try (ImageWriter writer = store.begin(SampleImages.description())) {
            try (OutputStream out = writer.section(SECTION)) {
                out.write(content);
            }
            return writer.commit(SampleImages.contents());
        }
    }

    private static byte[] read(ImageHandle image) throws Exception {
        try (InputStream in = image.section(SECTION)) {
            return in.readAllBytes();
        }
    }
}
