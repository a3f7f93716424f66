package dev.ingot.cli;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageCopy;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageProblem;
import dev.ingot.core.image.ImageStore;
import dev.ingot.store.Push;
import dev.ingot.store.RemoteImage;
import dev.ingot.store.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Where images lie: a directory that programs use, or a repository. */
interface Place extends AutoCloseable {
    /** What begins like an address; a single letter is a drive. */
    Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    List<String> names() throws IOException;

    /** The complete images of a name, oldest first. */
    List<Image> images(String name) throws IOException;

    /** Copies an image to here and says what was done. */
    String take(Image image) throws IOException;

    /** Whether images that come from here, or to here, can be asked for their signatures. */
    default boolean seesSignatures() {
        return false;
    }

    @Override
    void close() throws IOException;

    /** An image of a place. */
    @FunctionalInterface
    interface Image {
        CarriedImage carried() throws IOException;
    }

    /** The place that {@code text} names; images of a directory open with {@code keys}. */
    static Place at(String text, ImageKeys keys) throws CommandException {
        if (!ADDRESS.matcher(text).matches()) {
            return new Directory(ImageStore.at(Path.of(text), keys));
        }
        return new Remote(repository(text));
    }

    /** The repository at an address. */
    static Repository repository(String address) throws CommandException {
        try {
            return Repository.open(URI.create(address));
        } catch (IOException | IllegalArgumentException failure) {
            throw new CommandException("cannot open " + address + ": " + failure.getMessage(), failure);
        }
    }

    /** A directory of this host. */
    record Directory(ImageStore store) implements Place {
        @Override
        public List<String> names() throws ImageException {
            return store.names();
        }

        @Override
        public List<Image> images(String name) throws ImageException {
            List<Image> images = new ArrayList<>();
            for (Path image : store.directories(name)) {
                if (isUsable(image)) {
                    images.add(() -> carried(image));
                }
            }
            return images;
        }

        private CarriedImage carried(Path image) throws ImageException {
            Path signed = store.isOfSigned() ? store.openAny(image).directory() : image;
            return ImageStore.carried(signed);
        }

        @Override
        public boolean seesSignatures() {
            return true;
        }

        private static boolean isUsable(Path image) {
            try {
                return ImageStore.open(image).directory().isAbsolute();
            } catch (ImageException failure) {
                return failure.problem() == ImageProblem.KEY;
            }
        }

        @Override
        public String take(Image image) throws IOException {
            try (CarriedImage carried = image.carried()) {
                ImageCopy copy = store.receive(carried);
                return said(carried, copy.changed(), copy.movedBytes(), copy.reusedBytes());
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** A repository. */
    record Remote(Repository repository) implements Place {
        @Override
        public List<String> names() throws IOException {
            return repository.names();
        }

        @Override
        public List<Image> images(String name) throws IOException {
            List<Image> images = new ArrayList<>();
            for (RemoteImage image : repository.images(name)) {
                images.add(() -> repository.carried(image));
            }
            return images;
        }

        @Override
        public String take(Image image) throws IOException {
            try (CarriedImage carried = image.carried()) {
                Push push = repository.push(carried);
                return said(carried, push.changed(), push.movedBytes(), push.reusedBytes());
            }
        }

        @Override
        public void close() throws IOException {
            repository.close();
        }
    }

    private static String said(CarriedImage image, boolean changed, long moved, long reused) {
        String name = image.name() + "/" + image.directory();
        return changed
                ? "copied " + name + ": " + Amount.bytes(moved) + " moved, " + Amount.bytes(reused) + " were there"
                : "there already: " + name;
    }
}
