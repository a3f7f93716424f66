package dev.ingot.benchmarks.heap;

import dev.ingot.core.heap.ExternalObjects;
import dev.ingot.core.heap.HeapReader;
import dev.ingot.core.heap.ObjectCodecs;
import dev.ingot.core.heap.PathNames;
import dev.ingot.core.heap.RestoreListener;
import dev.ingot.core.image.ImageContents;
import dev.ingot.core.image.ImageDescription;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.ImageWriter;
import dev.ingot.core.image.ProcessDescription;
import dev.ingot.core.jdk.JdkCodecs;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Ingot's writer and reader with an image on a disk: compressed, hashed, forced to the disk, and checked again. */
final class ImageEngine implements HeapEngine {
    private static final String SECTION = "heap";

    private final IngotEngine walker = new IngotEngine();
    private final ImageStore images;
    private @Nullable ImageHandle last;

    ImageEngine(Path directory) {
        images = ImageStore.at(directory);
    }

    @Override
    public void write(Object root) throws Exception {
        if (last != null) {
            images.delete(last);
        }
        ImageDescription description =
                new ImageDescription("benchmark", null, "0", "0", ProcessDescription.ofThisProcess(), 0);
        try (ImageWriter writer = images.begin(description)) {
            try (OutputStream section = writer.section(SECTION)) {
                walker.write(root, section);
            }
            last = writer.commit(ImageContents.EMPTY);
        }
    }

    @Override
    public long bytes() {
        return image().manifest().packBytes();
    }

    @Override
    public Object read() throws Exception {
        try (InputStream section = image().section(SECTION)) {
            return HeapReader.open(section, image().manifest().plainBytes())
                    .read(
                            ExternalObjects.ofThisJvm(),
                            new ObjectCodecs(JdkCodecs.resolvers(), JdkCodecs.codecs()),
                            RestoreListener.NONE,
                            PathNames.PLAIN)
                    .root();
        }
    }

    private ImageHandle image() {
        if (last == null) {
            throw new IllegalStateException("nothing has been written yet");
        }
        return last;
    }
}
