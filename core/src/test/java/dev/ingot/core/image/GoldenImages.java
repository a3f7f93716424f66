package dev.ingot.core.image;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyPairs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes the images that {@link GoldenImageTest} reads. Only for a new version of the format: those that exist stay as they are. */
final class GoldenImages {
    static final String KEY = "a key that is no secret at all..";
    /** Of the key that has signed; its private part is made anew from this. */
    static final long SIGNER = 4;

    static final Instant CREATED = Instant.parse("2025-01-02T03:04:05.678Z");

    private GoldenImages() {}

    /**
     * {@code GoldenImages DIRECTORY}: writes {@code DIRECTORY/clear}, {@code DIRECTORY/sealed} and {@code DIRECTORY/signed}, and an image
     * that goes on each.
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path key = Files.writeString(Files.createTempFile("golden", "key"), KEY);
        write(target.resolve("clear"), ImageKeys.NONE);
        write(target.resolve("sealed"), keys(key));
        ImageKeys signing = ImageKeys.NONE.signing(KeyPairs.signing(target, "signer", SIGNER));
        write(target.resolve("signed"), signing);
        goOn(target, "clear", ImageKeys.NONE);
        goOn(target, "signed", signing);
        goOn(target, "sealed", keys(key));
        Files.delete(key);
    }

    static ImageKeys keys(Path file) {
        return ImageKeys.sealedOnly(KeyName.parse("file:" + file).provider());
    }

    private static void write(Path store, ImageKeys keys) throws IOException {
        SampleImages.write(store(store, keys), sections());
    }

    private static ImageStore store(Path directory, ImageKeys keys) {
        return new ImageStore(directory, new FileDisk(), Clock.fixed(CREATED, ZoneOffset.UTC), Thread::new, keys);
    }

    /** Writes an image of the same content once more that goes on the one in {@code form}, into {@code form-series}. */
    static void goOn(Path target, String form, ImageKeys keys) throws IOException {
        ImageStore series = store(target.resolve(form + "-series"), keys);
        ImageHandle first = ImageStore.at(target.resolve(form), keys)
                .newestComplete(SampleImages.NAME)
                .orElseThrow();
        try (ImageWriter writer = series.begin(SampleImages.description())) {
            writer.goOn(first);
            for (Map.Entry<String, byte[]> section : sections().entrySet()) {
                try (OutputStream out = writer.section(section.getKey())) {
                    out.write(section.getValue());
                }
            }
            ImageHandle written = writer.commit(SampleImages.contents());
            assert written.before().size() == 1;
        }
    }

    /** One section of each way to store a chunk that a small image has, and an empty one. */
    static Map<String, byte[]> sections() {
        Map<String, byte[]> sections = new TreeMap<>(SampleImages.SMALL);
        byte[] noise = new byte[300];
        new Random(1).nextBytes(noise);
        sections.put("noise", noise);
        return sections;
    }
}
