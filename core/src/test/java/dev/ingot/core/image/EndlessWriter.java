package dev.ingot.core.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** A process that writes images until it is killed and prints the number of each that is complete. */
final class EndlessWriter {
    private EndlessWriter() {}

    public static void main(String[] arguments) throws IOException {
        ImageStore store = ImageStore.at(Path.of(arguments[0]));
        byte[] content = SampleImages.bytes(new Random(3), 6 << 20);
        while (true) {
            ImageHandle image = SampleImages.write(store, Map.of("heap", content));
            System.out.println(image.manifest().sequence());
        }
    }
}
