package dev.ingot.cli;

import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.KeyName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --images DIR} and {@code --key KEY}, for commands that look into a store. */
final class ImagesOption {
    @Option(names = "--images", paramLabel = "DIR", description = "Directory of the images (default: ~/.ingot/images).")
    private @Nullable Path directory;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:INGOT_KEY}",
            converter = KeyNameConverter.class,
            description = "The key of sealed images: " + KeyName.FORM + " (default: INGOT_KEY).")
    private @Nullable KeyName key;

    /** The directory as given, absolute; null where it was not. */
    @Nullable Path given() {
        return directory == null ? null : directory.toAbsolutePath().normalize();
    }

    Path directory() {
        Path given = given();
        return given == null ? Path.of(System.getProperty("user.home"), ".ingot", "images") : given;
    }

    /** The key as an option of the agent; null where none is given. */
    @Nullable String key() {
        return key == null ? null : key.toString();
    }

    /** The store, for looking at images: sealed or not. */
    ImageStore store() {
        return ImageStore.at(directory(), keys());
    }

    /** The store, for running what images say: with a key, only sealed ones are taken. */
    ImageStore trustedStore() {
        return ImageStore.at(directory(), key == null ? ImageKeys.NONE : ImageKeys.sealedOnly(key.provider()));
    }

    ImageKeys keys() {
        return key == null ? ImageKeys.NONE : ImageKeys.either(key.provider());
    }
}
