package dev.ingot.core.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** A process that writes an image large enough for Zstandard, reads it again and ends at once. */
final class LargeImage {
    static final int EXIT_CODE = 77;

    private LargeImage() {}

    public static void main(String[] arguments) throws IOException {
        ImageHandle image = SampleImages.write(
                ImageStore.at(Path.of(arguments[0])), Map.of("heap", SampleImages.bytes(new Random(5), 6 << 20)));
        boolean compressed = image.manifest().sections().get(0).chunks().stream()
                .anyMatch(chunk -> chunk.codec() == ChunkCodec.ZSTD);
        boolean intact = ImageStore.verify(image).isIntact();
        Runtime.getRuntime().halt(compressed && intact ? EXIT_CODE : 1);
    }
}
