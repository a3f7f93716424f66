package dev.ingot.cli;

import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.TrustedKeys;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --images DIR}, {@code --key KEY} and {@code --trusted PATH}, for commands that look into a store. */
final class ImagesOption {
    @Option(names = "--images", paramLabel = "DIR", description = "Directory of the images (default: ~/.ingot/images).")
    private @Nullable Path directory;

    @Mixin
    private KeysOption keys = new KeysOption();

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
        return keys.key();
    }

    /** Whose signatures are believed; null where images need none. */
    @Nullable TrustedKeys trusted() {
        return keys.trusted();
    }

    /** The same as an option of the agent; null where none is given. */
    @Nullable String trustedPath() {
        TrustedKeys trusted = trusted();
        return trusted == null ? null : trusted.place().toString();
    }

    /** The store, for looking at images: sealed or not. */
    ImageStore store() {
        return ImageStore.at(directory(), keys());
    }

    /** The store, for running what images say: with a key, only sealed ones are taken. */
    ImageStore trustedStore() {
        return ImageStore.at(directory(), keys.sealedOnly());
    }

    ImageKeys keys() {
        return keys.either();
    }
}
