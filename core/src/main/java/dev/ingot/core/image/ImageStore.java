package dev.ingot.core.image;

import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.KeyProvider;
import dev.ingot.core.seal.Seal;
import dev.ingot.core.seal.Sealer;
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
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

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
    private static final Duration COPY_KEPT = Duration.ofDays(7);
    // Below this not even a manifest is sure to fit.
    private static final long LEAST_FREE_BYTES = 1L << 20;

    private final Path directory;
    private final Disk disk;
    private final Clock clock;
    private final ThreadFactory threads;
    private final ImageKeys keys;
    private final Sidecars sidecars;

    ImageStore(Path directory, Disk disk, Clock clock, ThreadFactory threads, ImageKeys keys) {
        this(directory, disk, clock, threads, keys, Sidecars.NONE);
    }

    private ImageStore(
            Path directory, Disk disk, Clock clock, ThreadFactory threads, ImageKeys keys, Sidecars sidecars) {
        this.sidecars = sidecars;
        this.keys = keys;
        this.directory = directory.toAbsolutePath().normalize();
        this.disk = disk;
        this.clock = clock;
        this.threads = threads;
    }

    /** The store in {@code directory}, which need not exist. */
    public static ImageStore at(Path directory) {
        return at(directory, ImageKeys.NONE);
    }

    /** The same; images are sealed and opened with {@code keys}. */
    public static ImageStore at(Path directory, ImageKeys keys) {
        return at(directory, new CompressionThreads(), keys);
    }

    /** The same with threads of the caller's making; they compress the images that are larger than a few megabytes. */
    public static ImageStore at(Path directory, ThreadFactory threads, ImageKeys keys) {
        return new ImageStore(directory, new FileDisk(), Clock.systemUTC(), threads, keys);
    }

    /** The same, whose large images are compressed and sealed by another process where there is one. */
    public ImageStore with(Sidecars others) {
        return new ImageStore(directory, disk, clock, threads, keys, others);
    }

    public Path directory() {
        return directory;
    }

    Disk disk() {
        return disk;
    }

    /** Whether only images are taken that a trusted key has signed. */
    public boolean isOfSigned() {
        return keys.trusted() != null;
    }

    Instant now() {
        // Manifests count milliseconds.
        return Instant.ofEpochMilli(clock.millis());
    }

    /**
     * Begins an image, after removing what dead writers of the same name left behind.
     *
     * @throws ImageException if the store cannot be written, the disk has less room than the description expects, or the key
     *     that images are sealed with cannot be had
     * @throws IllegalArgumentException if the name is malformed
     */
    public ImageWriter begin(ImageDescription description) throws ImageException {
        Path home = directory.resolve(ImageName.require(description.name()));
        Path temporary =
                home.resolve(WRITING + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        try {
            disk.createDirectories(home);
            requireSpace(home, description.expectedBytes());
            // Before the lock: a key may be a server away.
            Sealer sealer = newSealer(home);
            return StoreLock.holding(home, () -> begin(description, home, temporary, sealer));
        } catch (ImageException known) {
            throw known;
        } catch (IOException failure) {
            throw ImageException.whileWriting(temporary, failure);
        }
    }

    private @Nullable Sealer newSealer(Path home) throws ImageException {
        KeyProvider provider = keys.provider();
        try {
            return provider == null ? null : Sealer.create(provider);
        } catch (KeyException failure) {
            throw ImageException.whileSealing(home, failure);
        }
    }

    private ImageWriter begin(ImageDescription description, Path home, Path temporary, @Nullable Sealer sealer)
            throws IOException {
        List<Path> unused = cleanStale(home);
        try {
            disk.createDirectories(temporary);
            Disk.Output pack = disk.create(temporary.resolve(ImageHandle.PACK));
            return new ImageWriter(this, disk, threads, description, temporary, pack, sealer, keys.signer(), sidecars);
        } catch (IOException failure) {
            throw removed(temporary, failure);
        }
    }

    void requireSpace(Path home, long expectedBytes) throws IOException {
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

    /**
     * Removes what writers and deleters of a name that have died left behind, as the next writer of that name does. There may never be
     * one.
     *
     * @return the directories that are gone
     */
    public List<Path> removeUnfinished(String name) throws ImageException {
        Path home = directory.resolve(ImageName.require(name));
        if (!Files.isDirectory(home)) {
            return List.of();
        }
        try {
            return StoreLock.holding(home, () -> cleanStale(home));
        } catch (IOException failure) {
            throw failure instanceof ImageException known ? known : ImageException.whileWriting(home, failure);
        }
    }

    // Called under the store's lock, so that a directory whose pack is not yet locked is never taken for a dead one.
    private List<Path> cleanStale(Path home) throws IOException {
        List<Path> removed = new ArrayList<>();
        for (Path entry : entries(home)) {
            String name = entry.getFileName().toString();
            boolean unfinished = name.startsWith(WRITING) || (name.startsWith(ImageReceiver.COPYING) && isOld(entry));
            if (name.startsWith(DELETING) || (unfinished && isAbandoned(entry))) {
                disk.deleteTree(entry);
                removed.add(entry);
            }
        }
        return removed;
    }

    /**
     * Whether process {@code writer} has begun an image of that name and neither completed nor given it up. What a process that
     * died had begun counts too, until the next image is begun.
     *
     * @throws ImageException if the store cannot be read
     */
    public boolean isBeingWritten(String name, long writer) throws ImageException {
        Path home = directory.resolve(ImageName.require(name));
        try {
            for (Path entry : entries(home)) {
                if (entry.getFileName().toString().startsWith(WRITING + writer + "-")) {
                    return true;
                }
            }
            return false;
        } catch (IOException failure) {
            throw ImageException.whileReading(home, failure);
        }
    }

    // A copy may be gone on with, but not for ever.
    private boolean isOld(Path copying) throws IOException {
        Instant written = Files.getLastModifiedTime(copying).toInstant();
        return written.isBefore(clock.instant().minus(COPY_KEPT));
    }

    private static boolean isAbandoned(Path temporary) throws IOException {
        Path pack = temporary.resolve(ImageHandle.PACK);
        if (FileDisk.isHeld(pack)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(pack, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException ofAnotherStoreClass) {
            return false;
        } catch (NoSuchFileException neverBegun) {
            return true;
        }
    }

    /** Gives a finished image its place. The draft gets the next sequence number; {@code writing} puts it on disk. */
    ImageHandle publish(
            String name,
            Path temporary,
            LongFunction<Manifest> draft,
            ManifestWriting writing,
            @Nullable Sealer sealer,
            @Nullable String signer)
            throws IOException {
        Path home = directory.resolve(name);
        return StoreLock.holding(home, () -> {
            Manifest manifest = writing.write(draft.apply(lastSequence(home) + 1));
            Path place = home.resolve(ImageDirectory.name(manifest.sequence(), manifest.created()));
            moveForGood(home, temporary, place);
            return ImageOpener.written(place, manifest, sealer, signer);
        });
    }

    /**
     * Brings an image from elsewhere into this store, unless it is there. What was copied of it by an earlier call that did not come
     * to its end stays, and so does what other images of its name have.
     *
     * @throws ImageException if it is damaged where it lies, or cannot be written here
     */
    public ImageCopy receive(CarriedImage image) throws ImageException {
        return receive(image, null);
    }

    /** @param unpacked a directory that holds the image too, and nobody needs afterwards */
    ImageCopy receive(CarriedImage image, @Nullable Path unpacked) throws ImageException {
        try {
            return new ImageReceiver(this, disk, image, unpacked).receive();
        } catch (ImageException known) {
            throw known;
        } catch (IOException failure) {
            throw ImageException.whileCopying(image.name() + "/" + image.directory(), directory, failure);
        }
    }

    /** An image of this or another store, to be carried elsewhere. */
    public static CarriedImage carried(Path image) throws ImageException {
        try {
            return new LocalImage(image);
        } catch (IOException failure) {
            throw ImageException.whileReading(image, failure);
        }
    }

    private void moveForGood(Path home, Path temporary, Path place) throws IOException {
        disk.move(temporary, place);
        try {
            disk.force(home);
            disk.force(directory);
        } catch (IOException failure) {
            // Reported as failed, so it must not be found later.
            try {
                discard(home, place);
            } catch (IOException second) {
                failure.addSuppressed(second);
                throw removed(place, failure);
            }
            throw failure;
        }
    }

    /** Under the store's lock. What breaks off here is nothing that passes for an image. */
    private void discard(Path home, Path image) throws IOException {
        Path condemned = home.resolve(DELETING + image.getFileName());
        if (Files.exists(condemned)) {
            // Of an image that had the same number within the same millisecond, and whose deleter died.
            disk.deleteTree(condemned);
        }
        disk.move(image, condemned);
        disk.force(home);
        disk.deleteTree(condemned);
    }

    /** Gives an image that was copied its place. */
    void adopt(Path home, Path temporary, Path place) throws IOException {
        Path moved = StoreLock.holding(home, () -> {
            moveForGood(home, temporary, place);
            return place;
        });
        assert moved.equals(place);
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

    static List<Path> imageDirectories(Path home) throws IOException {
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

    /** All complete images, by name and then oldest first. Those that do not open are left out; {@link #open} says why. */
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
            try {
                images.add(openAny(image));
            } catch (ImageException unusable) {
                // Left out, as this method says.
            }
        }
        return images;
    }

    /**
     * The image with the highest sequence number of this name that is complete.
     *
     * @throws ImageException if one is met that may be complete, and is sealed with another key than this store has, or not
     *     sealed or signed where only such ones are taken: to go on from an older one in its place would lose what it holds
     */
    public Optional<ImageHandle> newestComplete(String name) throws ImageException {
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        for (Path image : images) {
            try {
                return Optional.of(openOf(name, image));
            } catch (ImageException unusable) {
                requireDamaged(unusable);
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #newestComplete(String)}, but reads each candidate and passes over one with a damaged chunk.
     *
     * @param passedOver is told of each newer image that cannot be used
     * @throws ImageException as {@link #newestComplete(String)}
     */
    public Optional<ImageHandle> newestSound(String name, Consumer<ImageException> passedOver) throws ImageException {
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        for (Path image : images) {
            try {
                ImageHandle handle = openOf(name, image);
                Verifier.requireChecksums(handle);
                return Optional.of(handle);
            } catch (ImageException unusable) {
                requireDamaged(unusable);
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

    /** Where somebody vouches for images, the place of one is what they vouch for too. */
    private ImageHandle openOf(String name, Path image) throws ImageException {
        ImageHandle handle = openAny(image);
        Manifest manifest = handle.manifest();
        String directoryName = ImageDirectory.name(manifest.sequence(), manifest.created());
        if (handle.signer() != null && !(manifest.name().equals(name) && image.endsWith(directoryName))) {
            throw new ImageException(
                    ImageProblem.UNTRUSTED,
                    image,
                    "image " + image + " was signed as " + manifest.name() + "/" + directoryName
                            + ", so it is not what lies here; delete it, or resume it by its path if it was moved on purpose");
        }
        return handle;
    }

    private static void requireDamaged(ImageException unusable) throws ImageException {
        switch (unusable.problem()) {
            case KEY, NOT_SEALED, UNTRUSTED -> throw unusable;
            case MISSING, INCOMPLETE, CORRUPT, UNSUPPORTED, ERASED, INVALID, NO_SPACE, STORAGE -> {
                // Another one is looked for.
            }
        }
    }

    /**
     * Opens the image in a directory, of this store or any other, if it lies in the clear. Reads the manifest and checks the
     * size of the pack.
     *
     * @throws ImageException if there is none, or it is sealed, damaged or of a format this version does not read
     */
    public static ImageHandle open(Path image) throws ImageException {
        return open(image, ImageKeys.NONE);
    }

    /**
     * The same for images that are sealed. Of such an image nothing is believed before its key has opened it.
     *
     * @throws ImageException also if the key is not the one, or the image is not sealed where only sealed ones are taken
     */
    public static ImageHandle open(Path image, ImageKeys keys) throws ImageException {
        return new ImageOpener(keys).open(image);
    }

    /** {@link #open(Path, ImageKeys)} with the keys of this store, for an image here or anywhere else. */
    public ImageHandle openAny(Path image) throws ImageException {
        return open(image, keys);
    }

    /** Whether a directory of this name can be that of an image. */
    public static boolean isImageDirectory(String name) {
        return ImageName.isValid(name) && ImageDirectory.sequence(Path.of(name)) >= 0;
    }

    /** Compares two names of images' directories; the older image is less. */
    public static int byAge(String directory, String other) {
        return ImageDirectory.BY_AGE.compare(Path.of(directory), Path.of(other));
    }

    /** What is wrong with the files beside the pack of an image, wherever it lies; of a sealed one its key would tell. */
    public static List<String> brokenFiles(CarriedImage image) throws IOException {
        return Verifier.brokenFiles(image);
    }

    /** When the image in a directory that {@link #directories} lists was published, as its name says. */
    public static Instant created(Path image) {
        return ImageDirectory.created(image);
    }

    /** Whether a directory looks like an image, readable or not. */
    public static boolean isImage(Path directory) {
        return Files.exists(directory.resolve(ImageHandle.MANIFEST))
                || Files.exists(directory.resolve(ImageHandle.SEAL));
    }

    /** The seal of the image in {@code image}; empty if it lies in the clear. Nobody vouches for what it says. */
    public static Optional<Seal> seal(Path image) throws ImageException {
        return Files.exists(image.resolve(ImageHandle.SEAL)) ? Optional.of(SealFile.read(image)) : Optional.empty();
    }

    /**
     * Has the key of an image wrapped by another key; the image's chunks stay as they are. Does nothing if it is already.
     *
     * @return whether anything was to do
     * @throws ImageException if the image is not sealed, or neither key opens it
     */
    public boolean rewrap(Path image, KeyProvider newKey) throws ImageException {
        return new SealFile(disk, image).rewrap(keys.provider(), newKey);
    }

    /**
     * Destroys the key of a sealed image, so that nobody can read it any more. Copies of the image elsewhere keep theirs, and so do
     * images that go on this one, see {@link #goingOn}.
     *
     * @return whether it was still there
     * @throws ImageException if the image is not sealed
     */
    public boolean erase(Path image) throws ImageException {
        return new SealFile(disk, image).erase();
    }

    /** The images of a name that go on the one in {@code image}, and so hold what it holds. Needs no key. */
    public List<Path> goingOn(Path image) throws ImageException {
        Path place = image.toAbsolutePath().normalize();
        Path home = place.getParent();
        List<Path> others = new ArrayList<>();
        try {
            for (Path other : home == null ? List.<Path>of() : imageDirectories(home)) {
                if (isWithin(place, other)) {
                    others.add(other);
                }
            }
        } catch (IOException failure) {
            throw ImageException.whileReading(place, failure);
        }
        return others;
    }

    private static boolean isWithin(Path image, Path other) throws IOException {
        for (int i = 0; Files.isDirectory(other.resolve(ImageHandle.before(i))); i++) {
            for (String manifest : List.of(ImageHandle.MANIFEST, ImageHandle.SEALED_MANIFEST)) {
                Path one = image.resolve(manifest);
                Path within = other.resolve(ImageHandle.before(i)).resolve(manifest);
                if (Files.exists(one) && Files.exists(within) && Files.mismatch(one, within) < 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether all of an image seems to be there; without its key, that is all that can be said of a sealed one. */
    private boolean isComplete(Path image) {
        try {
            openAny(image);
            return true;
        } catch (ImageException unusable) {
            return switch (unusable.problem()) {
                case NOT_SEALED, UNTRUSTED -> true;
                case KEY -> ImageOpener.isWhole(image);
                case MISSING, INCOMPLETE, CORRUPT, UNSUPPORTED, ERASED, INVALID, NO_SPACE, STORAGE -> false;
            };
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
        try {
            StoreLock.holding(home, () -> {
                discard(home, image);
                return image;
            });
        } catch (IOException failure) {
            throw failure instanceof ImageException known ? known : ImageException.whileWriting(image, failure);
        }
    }

    /**
     * What pruning would delete.
     *
     * @param names of the images it is about
     * @param quotaBytes how much these may have in all, the newest usable image of each name excepted
     */
    public List<Path> condemned(List<String> names, Retention retention, long quotaBytes) throws ImageException {
        List<Path> condemned = new ArrayList<>();
        List<List<Retention.Candidate>> kept = new ArrayList<>();
        for (String name : names) {
            List<Retention.Candidate> candidates = candidates(name);
            List<Retention.Candidate> going = retention.condemned(candidates);
            going.forEach(candidate -> condemned.add(candidate.image()));
            kept.add(candidates.stream()
                    .filter(candidate -> !going.contains(candidate))
                    .toList());
        }
        Retention.beyondQuota(kept, quotaBytes).forEach(candidate -> condemned.add(candidate.image()));
        return condemned;
    }

    private List<Retention.Candidate> candidates(String name) throws ImageException {
        List<Path> images = new ArrayList<>(directories(name));
        Collections.reverse(images);
        List<Retention.Candidate> candidates = new ArrayList<>();
        for (Path image : images) {
            candidates.add(new Retention.Candidate(image, created(image), parts(image), isComplete(image)));
        }
        return candidates;
    }

    /** The packs of an image. One that several images have under names of their own is one part of all of them. */
    private static Map<Object, Long> parts(Path image) {
        Map<Object, Long> parts = new HashMap<>();
        addPart(image, parts);
        for (int i = 0; Files.isDirectory(image.resolve(ImageHandle.before(i))); i++) {
            addPart(image.resolve(ImageHandle.before(i)), parts);
        }
        return parts;
    }

    private static void addPart(Path place, Map<Object, Long> parts) {
        Path pack = place.resolve(ImageHandle.PACK);
        try {
            BasicFileAttributes attributes = Files.readAttributes(pack, BasicFileAttributes.class);
            Object key = attributes.fileKey();
            parts.put(key == null ? pack : key, attributes.size());
        } catch (IOException missing) {
            // It takes no room.
        }
    }

    /** Puts the manifest of an image on disk, completed. */
    @FunctionalInterface
    interface ManifestWriting {
        Manifest write(Manifest draft) throws IOException;
    }
}
