package dev.ingot.cli;

import dev.ingot.core.image.ImageStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --images DIR}, for commands that look into a store. */
final class ImagesOption {
    @Option(names = "--images", paramLabel = "DIR", description = "Directory of the images (default: ~/.ingot/images).")
    private @Nullable Path directory;

    /** The directory as given, absolute; null where it was not. */
    @Nullable Path given() {
        return directory == null ? null : directory.toAbsolutePath().normalize();
    }

    Path directory() {
        Path given = given();
        return given == null ? Path.of(System.getProperty("user.home"), ".ingot", "images") : given;
    }

    ImageStore store() {
        return ImageStore.at(directory());
    }
}
