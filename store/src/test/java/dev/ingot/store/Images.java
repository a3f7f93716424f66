package dev.ingot.store;

import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Images to test with. */
final class Images {
    static final String NAME = "job";
    /** Noise is stored as it is, so one of this length is one piece. */
    static final int PIECE = 1 << 20;

    private Images() {}

    static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ImageHandle write(Path store, ImageKeys keys, byte[] heap) throws IOException {
        return writeOn(null, store, keys, heap);
    }

    static ImageHandle writeOn(@Nullable ImageHandle earlier, Path store, ImageKeys keys, byte[] heap)
            throws IOException {
        ImageDescription description =
                new ImageDescription(NAME, null, "0.1", "w1", ProcessDescription.ofThisProcess(), 0);
        try (ImageWriter writer = ImageStore.at(store, keys).begin(description)) {
            if (earlier != null) {
                writer.goOn(earlier);
            }
            try (OutputStream out = writer.section("heap")) {
                out.write(heap);
            }
            return writer.commit(ImageContents.EMPTY);
        }
    }
}
