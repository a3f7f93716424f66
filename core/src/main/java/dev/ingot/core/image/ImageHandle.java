package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.Sealer;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A complete image on disk. Immutable; thread-safe. */
public final class ImageHandle {
    static final String PACK = "chunks.pack";
    static final String MANIFEST = "manifest.json";
    static final String LAUNCH = "launch";
    static final String SEAL = "seal.json";
    static final String SEALED_MANIFEST = "manifest.sealed";
    static final String SEALED_LAUNCH = "launch.sealed";
    /** The keys of an image within a sealed one. */
    static final String SEALED_KEY = "key.sealed";

    private final Path directory;
    private final Manifest manifest;
    private final @Nullable Sealer sealer;
    private final List<ImageHandle> before;
    private final @Nullable String signer;

    /**
     * @param sealer has the keys of the image; null if it lies in the clear
     * @param before the images that this one goes on, as they lie within it
     * @param signer of this image and those, see {@link #signer}
     */
    ImageHandle(
            Path directory,
            Manifest manifest,
            @Nullable Sealer sealer,
            List<ImageHandle> before,
            @Nullable String signer) {
        this.directory = directory;
        this.manifest = manifest;
        this.sealer = sealer;
        this.before = List.copyOf(before);
        this.signer = signer;
    }

    /** Name of the directory of the earlier image of that number, from 0 on, within the image. */
    static String before(int number) {
        return "before-" + number;
    }

    /** The earlier images that this one goes on, oldest first. */
    List<ImageHandle> before() {
        return before;
    }

    public Path directory() {
        return directory;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Whether the image is encrypted, and was opened with its key. */
    public boolean isSealed() {
        return sealer != null;
    }

    /**
     * The fingerprint of the key that is known to have signed the image; null if it was opened without asking who did. Of one that has
     * a signer each byte is compared with what was signed before anything is made of it.
     */
    public @Nullable String signer() {
        return signer;
    }

    /** The names of the sections in the order they were begun. */
    public List<String> sections() {
        List<String> names = new ArrayList<>();
        for (SectionEntry section : manifest.sections()) {
            names.add(section.name());
        }
        return List.copyOf(names);
    }

    /**
     * Opens a section. Each chunk is checked before its bytes are handed out; reading throws {@link ImageException} where
     * the image is damaged. Several sections may be read at the same time, each by one thread.
     *
     * @throws ImageException if there is no such section, or the image is gone
     */
    public InputStream section(String name) throws ImageException {
        int number = sections().indexOf(name);
        if (number < 0) {
            throw new ImageException(
                    ImageProblem.MISSING,
                    directory,
                    "image " + directory + " has no section '" + name + "'; it has " + sections());
        }
        return SectionInput.open(pack(), number, manifest.sections().get(number), decoder());
    }

    ChunkDecoder decoder() {
        return new ChunkDecoder(pack(), sealer, signer != null);
    }

    Path manifestFile() {
        return directory.resolve(sealer == null ? MANIFEST : SEALED_MANIFEST);
    }

    /** The manifest's text as it is now. */
    byte[] manifestBytes() throws ImageException {
        return new ManifestReader(manifestFile(), sealer).checkedBytes();
    }

    /** Compares the files beside the pack with their hashes. */
    void requireFiles() throws ImageException {
        if (!ManifestTrailer.isHashRight(manifestBytes())) {
            throw ImageException.corrupt(manifestFile(), 0, "the hash of the manifest does not match");
        }
        launchBytes();
    }

    /** The file that the launch file lies in. */
    Path launch() {
        return directory.resolve(sealer == null ? LAUNCH : SEALED_LAUNCH);
    }

    /** The launch file, whose hash was compared with the manifest. */
    byte[] launchBytes() throws ImageException {
        Path file = launch();
        try {
            // What a command line may have is far below this.
            byte[] stored = ImageFiles.read(file, ManifestReader.MAX_BYTES);
            byte[] bytes = sealer == null ? stored : sealer.open(LAUNCH, stored);
            if (!Sha256.of(bytes, bytes.length).equals(manifest.launchSha256())) {
                throw ImageException.corrupt(file, 0, "its hash does not match the manifest");
            }
            return bytes;
        } catch (KeyException forged) {
            throw ImageException.ofKey(directory, forged);
        } catch (IOException unreadable) {
            throw ImageException.whileReading(file, unreadable);
        }
    }

    /**
     * Opens a section of this image behind the sections of that name of the images that it goes on.
     *
     * @throws ImageException if one of them has no such section, or is gone
     */
    public InputStream series(String name) throws ImageException {
        return seriesFrom(0, name);
    }

    /**
     * The same without the sections that the series of {@code earlier} has, which this image {@linkplain #goesOn goes on}.
     *
     * @throws ImageException if one of them has no such section, or is gone
     */
    public InputStream seriesBehind(ImageHandle earlier, String name) throws ImageException {
        if (!goesOn(earlier)) {
            throw new ImageException(
                    ImageProblem.MISSING, directory, "image " + directory + " does not go on image " + earlier);
        }
        return seriesFrom(earlier.before.size() + 1, name);
    }

    /** Whether this image says only what has changed since {@code earlier}, directly or through others. */
    public boolean goesOn(ImageHandle earlier) {
        List<String> own = ids(before);
        List<String> series = new ArrayList<>(ids(earlier.before));
        series.add(earlier.manifest.id());
        return own.size() >= series.size() && own.subList(0, series.size()).equals(series);
    }

    private static List<String> ids(List<ImageHandle> images) {
        List<String> ids = new ArrayList<>();
        for (ImageHandle image : images) {
            ids.add(image.manifest.id());
        }
        return ids;
    }

    private InputStream seriesFrom(int number, String name) throws ImageException {
        List<InputStream> all = new ArrayList<>();
        try {
            for (ImageHandle image : before.subList(number, before.size())) {
                all.add(image.section(name));
            }
            all.add(section(name));
        } catch (ImageException failure) {
            for (InputStream opened : all) {
                closeAfter(failure, opened);
            }
            throw failure;
        }
        return new SequenceInputStream(Collections.enumeration(all));
    }

    private static void closeAfter(ImageException failure, InputStream opened) {
        try {
            opened.close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    /** Bytes before compression of this image and those that it goes on. */
    public long seriesBytes() {
        long sum = manifest.plainBytes();
        for (ImageHandle image : before) {
            sum += image.manifest.plainBytes();
        }
        return sum;
    }

    @Nullable Sealer sealer() {
        return sealer;
    }

    Path pack() {
        return directory.resolve(PACK);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
