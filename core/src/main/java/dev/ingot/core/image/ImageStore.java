package dev.ingot.core.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * A directory of images, {@code NAME/SEQUENCE-TIME/} each. Several processes may use one store at the same time. Thread-safe.
 *
 * <h2>Recovery</h2>
 *
 * An image is written in {@code NAME/.writing-…/}, whose pack is locked while its writer lives, and renamed once all of it is
 * on disk. A writer that finds such a directory unlocked deletes it: its writer died. Deletion renames to
 * {@code NAME/.deleting-…/} first, so no reader ever sees half an image under an image's name.
 */
public final class ImageStore {
    private static final String WRITING = ".writing-";
    private static final String DELETING = ".deleting-";
    // Below this not even a manifest is sure to fit.
    private static final long LEAST_FREE_BYTES = 1L << 20;

    private final Path directory;
    private final Disk disk;
    private final Clock clock;
    private final ThreadFactory threads;

    ImageStore(Path directory, Disk disk, Clock clock, ThreadFactory threads) {
        this.directory = directory.toAbsolutePath().normalize();
        this.disk = disk;
        this.clock = clock;
        this.threads = threads;
    }

    /** The store in {@code directory}, which need not exist. */
    public static ImageStore at(Path directory) {
        return at(directory, new CompressionThreads());
    }

    /** The same with threads of the caller's making; they compress the images that are larger than a few megabytes. */
    public static ImageStore at(Path directory, ThreadFactory threads) {
        return new ImageStore(directory, new FileDisk(), Clock.systemUTC(), threads);
    }

    public Path directory() {
        return directory;
    }

    Instant now() {
        // Manifests count milliseconds.
        return Instant.ofEpochMilli(clock.millis());
    }

    /**
     * Begins an image, after removing what dead writers of the same name left behind.
     *
     * @throws ImageException if the store cannot be written, or the disk has less room than the description expects
     * @throws IllegalArgumentException if the name is malformed
     */
    public ImageWriter begin(ImageDescription description) throws ImageException {
        Path home = directory.resolve(ImageName.require(description.name()));
        Path temporary =
                home.resolve(WRITING + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        try {
            disk.createDirectories(home);
            requireSpace(home, description.expectedBytes());
            return StoreLock.holding(home, () -> begin(description, home, temporary));
        } catch (ImageException known) {
            throw known;
        } catch (IOException failure) {
            throw ImageException.whileWriting(temporary, failure);
        }
    }

    private ImageWriter begin(ImageDescription description, Path home, Path temporary) throws IOException {
        cleanStale(home);
        try {
            disk.createDirectories(temporary);
            Disk.Output pack = disk.create(temporary.resolve(ImageHandle.PACK));
            return new ImageWriter(this, disk, threads, description, temporary, pack);
        } catch (IOException failure) {
            throw removed(temporary, failure);
        }
    }

    private void requireSpace(Path home, long expectedBytes) throws IOException {
        long needed = Math.max(expectedBytes, LEAST_FREE_BYTES);
        long free = disk.usableBytes(home);
        if (free < needed) {
            throw new ImageException(
                    ImageProblem.NO_SPACE,
                    home,
                    "cannot write an image to " + home + ": about " + needed + " bytes are needed, " + free
                            + " are free; free space, remove images with 'ingot images prune', or choose another directory");
        }
    }

    // Called under the store's lock, so that a directory whose pack is not yet locked is never taken for a dead one.
    private void cleanStale(Path home) throws IOException {
        for (Path entry : entries(home)) {
            String name = entry.getFileName().toString();
            if (name.startsWith(DELETING) || (name.startsWith(WRITING) && isAbandoned(entry))) {
                disk.deleteTree(entry);
            }
        }
    }

    private static boolean isAbandoned(Path temporary) throws IOException {
        Path pack = temporary.resolve(ImageHandle.PACK);
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException ownWriter) {
            return false;
        } catch (NoSuchFileException neverBegun) {
            return true;
        }
    }

    /** Gives a finished image its place. The draft gets the next sequence number; {@code writing} puts it on disk. */
    ImageHandle publish(String name, Path temporary, LongFunction<Manifest> draft, ManifestWriting writing)
            throws IOException {
        Path home = directory.resolve(name);
        return StoreLock.holding(home, () -> {
            Manifest manifest = writing.write(draft.apply(lastSequence(home) + 1));
            Path place = home.resolve(ImageDirectory.name(manifest.sequence(), manifest.created()));
            disk.move(temporary, place);
            try {
                disk.force(home);
                disk.force(directory);
            } catch (IOException failure) {
                // Reported as failed, so it must not be found later.
                throw removed(place, failure);
            }
            return new ImageHandle(place, manifest);
        });
    }

    private IOException removed(Path remains, IOException reason) {
        try {
            disk.deleteTree(remains);
        } catch (IOException second) {
            reason.addSuppressed(second);
        }
        return reason;
    }

    private static long lastSequence(Path home) throws IOException {
        long last = 0;
        for (Path entry : imageDirectories(home)) {
            last = Math.max(last, ImageDirectory.sequence(entry));
        }
        return last;
    }

    /** The names that have images, sorted. */
    public List<String> names() throws ImageException {
        List<String> names = new ArrayList<>();
        for (Path entry : entriesOf(directory)) {
            String name = entry.getFileName().toString();
            if (ImageName.isValid(name) && Files.isDirectory(entry)) {
                names.add(name);
            }
        }
        Collections.sort(names);
        return names;
    }

    /** The directories of one name's images, oldest first, whether or not they can be read. */
    public List<Path> directories(String name) throws ImageException {
        Path home = directory.resolve(ImageName.require(name));
        try {
            return imageDirectories(home);
        } catch (IOException failure) {
            throw ImageException.whileReading(home, failure);
        }
    }

    private static List<Path> imageDirectories(Path home) throws IOException {
        List<Path> images = new ArrayList<>();
        for (Path entry : entries(home)) {
            if (ImageDirectory.sequence(entry) >= 0) {
                images.add(entry);
            }
        }
        images.sort(ImageDirectory.BY_AGE);
        return images;
    }

    private static List<Path> entriesOf(Path parent) throws ImageException {
        try {
            return entries(parent);
        } catch (IOException failure) {
            throw ImageException.whileReading(parent, failure);
        }
    }

    private static List<Path> entries(Path parent) throws IOException {
        List<Path> result = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
            for (Path entry : stream) {
                result.add(entry);
            }
        } catch (NoSuchFileException | NotDirectoryException nothingThere) {
            return result;
        }
        return result;
    }

    /** All complete images, by name and then oldest first. Damaged ones are left out; {@link #open} says why. */
    public List<ImageHandle> list() throws ImageException {
        List<ImageHandle> images = new ArrayList<>();
        for (String name : names()) {
            images.addAll(list(name));
        }
        return images;
    }

    /** The complete images of one name, oldest first. */
    public List<ImageHandle> list(String name) throws ImageException {
        List<ImageHandle> images = new ArrayList<>();
        for (Path image : directories(name)) {
            openIfComplete(image).ifPresent(images::add);
        }
        return images;
    }

    /** The image with the highest sequence number of this name that is complete. */
    public Optional<ImageHandle> newestComplete(String name) throws ImageException {
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        for (Path image : images) {
            Optional<ImageHandle> complete = openIfComplete(image);
            if (complete.isPresent()) {
                return complete;
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #newestComplete(String)}, but reads each candidate and passes over one with a damaged chunk.
     *
     * @param passedOver is told of each newer image that cannot be used
     */
    public Optional<ImageHandle> newestSound(String name, Consumer<ImageException> passedOver) throws ImageException {
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        for (Path image : images) {
            try {
                ImageHandle handle = open(image);
                Verifier.requireChecksums(handle);
                return Optional.of(handle);
            } catch (ImageException unusable) {
                passedOver.accept(unusable);
            }
        }
        return Optional.empty();
    }

    /** The youngest of the newest complete images of all names. */
    public Optional<ImageHandle> newestComplete() throws ImageException {
        Optional<ImageHandle> youngest = Optional.empty();
        for (String name : names()) {
            Optional<ImageHandle> image = newestComplete(name);
            if (image.isPresent() && (youngest.isEmpty() || isYounger(image.get(), youngest.get()))) {
                youngest = image;
            }
        }
        return youngest;
    }

    private static boolean isYounger(ImageHandle image, ImageHandle other) {
        return image.manifest().created().isAfter(other.manifest().created());
    }

    private static Optional<ImageHandle> openIfComplete(Path image) {
        try {
            return Optional.of(open(image));
        } catch (ImageException unusable) {
            return Optional.empty();
        }
    }

    /**
     * Opens the image in a directory, of this store or any other. Reads the manifest and checks the size of the pack.
     *
     * @throws ImageException if there is none, or it is damaged or of a format this version does not read
     */
    public static ImageHandle open(Path image) throws ImageException {
        Path place = image.toAbsolutePath().normalize();
        if (!Files.isDirectory(place)) {
            throw new ImageException(
                    ImageProblem.MISSING,
                    place,
                    "there is no image " + place + "; name a directory that 'ingot images' lists");
        }
        ImageHandle handle = new ImageHandle(place, new ManifestReader(place.resolve(ImageHandle.MANIFEST)).read());
        requirePack(handle);
        return handle;
    }

    private static void requirePack(ImageHandle image) throws ImageException {
        long expected = image.manifest().packBytes();
        try {
            long size = Files.size(image.pack());
            if (size != expected) {
                throw ImageException.corrupt(
                        image.pack(),
                        Math.min(size, expected),
                        "the file has " + size + " bytes instead of " + expected);
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(image.pack(), failure);
        }
    }

    /**
     * Reads every byte of an image and compares it with its hashes.
     *
     * @throws ImageException if the image is gone, or its manifest is damaged
     */
    public static Verification verify(ImageHandle image) throws ImageException {
        return new Verifier(image).verify();
    }

    /** Deletes an image of this store, wholly or not at all. */
    public void delete(ImageHandle image) throws ImageException {
        delete(image.directory());
    }

    /**
     * Deletes the image in {@code image}, readable or not.
     *
     * @throws IllegalArgumentException if it is not of this store
     */
    public void delete(Path image) throws ImageException {
        Path home = image.toAbsolutePath().normalize().getParent();
        if (home == null || !directory.equals(home.getParent())) {
            throw new IllegalArgumentException("image " + image + " is not in the store " + directory);
        }
        Path condemned = home.resolve(DELETING + image.getFileName());
        try {
            StoreLock.holding(home, () -> {
                disk.move(image, condemned);
                disk.force(home);
                disk.deleteTree(condemned);
                return condemned;
            });
        } catch (IOException failure) {
            throw failure instanceof ImageException known ? known : ImageException.whileWriting(image, failure);
        }
    }

    /**
     * Deletes all but the newest {@code keep} complete images of a name, and damaged ones older than the newest of these.
     *
     * @return what was deleted
     */
    public List<Path> prune(String name, int keep) throws ImageException {
        if (keep < 1) {
            throw new IllegalArgumentException("keep=" + keep + " must be 1 or more: use delete to remove every image");
        }
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        List<Path> deleted = new ArrayList<>();
        int complete = 0;
        for (Path image : images) {
            boolean usable = openIfComplete(image).isPresent();
            if (complete >= keep || (complete > 0 && !usable)) {
                delete(image);
                deleted.add(image);
            }
            complete += usable ? 1 : 0;
        }
        return deleted;
    }

    /** Puts the manifest of an image on disk, completed. */
    @FunctionalInterface
    interface ManifestWriting {
        Manifest write(Manifest draft) throws IOException;
    }
}
