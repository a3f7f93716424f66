package dev.ingot.core.image;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A complete image on disk. Immutable; thread-safe. */
public final class ImageHandle {
    static final String PACK = "chunks.pack";
    static final String MANIFEST = "manifest.json";
    static final String LAUNCH = "launch";

    private final Path directory;
    private final Manifest manifest;

    ImageHandle(Path directory, Manifest manifest) {
        this.directory = directory;
        this.manifest = manifest;
    }

    public Path directory() {
        return directory;
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The names of the sections in the order they were begun. */
    public List<String> sections() {
        return manifest.sections().stream().map(SectionEntry::name).toList();
    }

    /**
     * Opens a section. Each chunk is checked before its bytes are handed out; reading throws {@link ImageException} where
     * the image is damaged. Several sections may be read at the same time, each by one thread.
     *
     * @throws ImageException if there is no such section, or the image is gone
     */
    public InputStream section(String name) throws ImageException {
        SectionEntry section = manifest.section(name);
        if (section == null) {
            throw new ImageException(
                    ImageProblem.MISSING,
                    directory,
                    "image " + directory + " has no section '" + name + "'; it has " + sections());
        }
        return SectionInput.open(pack(), section);
    }

    Path pack() {
        return directory.resolve(PACK);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
