package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageName;
import dev.ingot.core.image.ImageStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How users name an image: a directory, a name for its newest image, {@code NAME/DIRECTORY}, or the beginning of an id. */
final class ImageReference {
    /** For the help of commands that take one. */
    static final String HELP =
            "An image: its directory, a name (meaning the newest), NAME/DIRECTORY in the store, or the beginning of an id.";

    private static final int SHORTEST_ID = 4;

    private final ImageStore store;

    ImageReference(ImageStore store) {
        this.store = store;
    }

    ImageHandle resolve(String text) throws ImageException, CommandException {
        Path path = Path.of(text);
        if ((Files.isDirectory(path) && !ImageName.isValid(text)) || ImageStore.isImage(path)) {
            return store.openAny(path);
        }
        if (ImageName.isValid(text) && !store.directories(text).isEmpty()) {
            return newest(text);
        }
        if (Files.isDirectory(store.directory().resolve(text))) {
            return store.openAny(store.directory().resolve(text));
        }
        return byId(text);
    }

    /** The directory of an image, which need not open; a name means its newest complete image. */
    Path directory(String text) throws ImageException, CommandException {
        for (Path place : List.of(Path.of(text), store.directory().resolve(text))) {
            if (ImageStore.isImage(place)) {
                return place.toAbsolutePath().normalize();
            }
        }
        return resolve(text).directory();
    }

    /** The newest complete image of a name. */
    ImageHandle newest(String name) throws ImageException, CommandException {
        return store.newestComplete(ImageName.require(name))
                .orElseThrow(() -> new CommandException("there is no complete image of '" + name + "' in "
                        + store.directory() + "; 'ingot images --images DIR' lists those there are"));
    }

    /** The newest complete image of all. */
    ImageHandle newest() throws ImageException, CommandException {
        return store.newestComplete()
                .orElseThrow(() -> new CommandException("there is no complete image in " + store.directory()
                        + "; take one with 'ingot checkpoint', or name another directory with --images"));
    }

    private ImageHandle byId(String text) throws ImageException, CommandException {
        List<ImageHandle> matches = text.length() < SHORTEST_ID
                ? List.of()
                : store.list().stream()
                        .filter(image -> image.manifest().id().startsWith(text))
                        .toList();
        if (matches.size() == 1) {
            return matches.get(0);
        }
        throw new CommandException("'" + text + "' is " + (matches.isEmpty() ? "no image" : "not one image but several")
                + ", neither as a directory nor in " + store.directory() + "; 'ingot images --images DIR' lists them");
    }
}
