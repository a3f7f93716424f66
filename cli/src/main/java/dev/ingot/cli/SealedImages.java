package dev.ingot.cli;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.Seal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sealed images as a command line names them, found without their key. */
final class SealedImages {
    private final ImageStore store;
    private final List<String> names;

    /** @param names directories, or {@code NAME/DIRECTORY} in the store; none for all sealed images of the store */
    SealedImages(ImageStore store, List<String> names) {
        this.store = store;
        this.names = names;
    }

    List<Path> directories() throws ImageException, CommandException {
        ImageReference reference = new ImageReference(store);
        List<Path> result = new ArrayList<>();
        for (String name : names) {
            result.add(reference.directory(name));
        }
        if (names.isEmpty()) {
            for (String name : store.names()) {
                for (Path image : store.directories(name)) {
                    if (ImageStore.seal(image).filter(seal -> !seal.isErased()).isPresent()) {
                        result.add(image);
                    }
                }
            }
        }
        return result;
    }

    /** What a list shows of a seal. */
    static String describe(Seal seal) {
        return seal.key() == null
                ? "erased"
                : seal.key().provider() + " " + seal.key().keyId();
    }
}
