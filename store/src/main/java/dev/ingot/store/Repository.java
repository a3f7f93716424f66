package dev.ingot.store;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageName;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.image.Piece;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Images in an object store. Any number of processes may use one at the same time. Thread-safe.
 *
 * <pre>
 * NAME/images/DIRECTORY/pack.index       the pieces of the pack; stored first
 * NAME/images/DIRECTORY/FILE             the other files of the image; the manifest is stored last
 * NAME/pieces/SHA256                     a piece, for all images of the name that have it
 * NAME/sweeps/ID                         a sweep under way
 * </pre>
 *
 * <h2>Concurrency</h2>
 *
 * A piece is deleted only by a sweep, and only if no index has it. Whoever brings an image
 * <ol>
 *   <li>stores its index, also where it lay already, so that it is a recent one,
 *   <li>waits until the sweeps that are under way have ended, and begins anew if one of them took the image for abandoned,
 *   <li>looks which pieces are there, stores the others, and then the manifest.
 * </ol>
 * A sweep
 * <ol>
 *   <li>stores its mark,
 *   <li>reads all indexes, also of images that are not complete,
 *   <li>deletes pieces that none of them has, and then its mark.
 * </ol>
 * If the index was stored before the sweep read the indexes, the sweep keeps its pieces. Otherwise the mark was there before the index,
 * so the other waits until the sweep is over, and sees what it deleted. No clocks are compared: a sweep stops by its own clock after
 * half of {@link #LEASE}, and whoever waits takes a mark for that of a dead sweep once it has seen it for all of {@link #LEASE}.
 *
 * <p>Deletion of an image removes the manifest first, so that no one takes half of it for an image, and the index last. Of who brings an
 * image while somebody else deletes it, either may win; it is whole or not there once it was brought again.
 */
public final class Repository implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(10);

    private static final Duration UNFINISHED_KEPT = Duration.ofDays(7);
    private static final String INDEX = "pack.index";
    private static final String IMAGES = "/images/";
    private static final String PIECES = "/pieces/";
    private static final String SWEEPS = "/sweeps/";
    private static final long MAX_FILE_BYTES = 256L << 20;
    private static final long POLL_MILLIS = 200;
    private static final int MOST_ATTEMPTS = 20;

    private final ObjectStore objects;
    private final long pollMillis;

    public Repository(ObjectStore objects) {
        this(objects, POLL_MILLIS);
    }

    /** @param pollMillis how often somebody who waits for a sweep looks whether it is over */
    Repository(ObjectStore objects, long pollMillis) {
        this.objects = objects;
        this.pollMillis = pollMillis;
    }

    /**
     * Opens the repository at an address: one of a kind that a provider on the class path knows, or of a file system provider, such as
     * {@code file:///mnt/images} or {@code jar:file:///backup.zip!/}.
     *
     * @throws IOException if it cannot be reached, or nobody knows its scheme
     */
    public static Repository open(URI address) throws IOException {
        for (ObjectStoreProvider provider : ServiceLoader.load(ObjectStoreProvider.class)) {
            if (provider.scheme().equals(address.getScheme())) {
                return new Repository(provider.open(address));
            }
        }
        return new Repository(ofFileSystem(address));
    }

    private static ObjectStore ofFileSystem(URI address) throws IOException {
        try {
            return new PathObjectStore(Path.of(address), null);
        } catch (FileSystemNotFoundException notOpen) {
            try {
                FileSystem opened = FileSystems.newFileSystem(address, Map.of("create", "true"));
                return new PathObjectStore(Path.of(address), opened);
            } catch (ProviderNotFoundException
                    | FileSystemAlreadyExistsException
                    | IllegalArgumentException
                    | UnsupportedOperationException unknown) {
                throw new IOException("cannot open " + address + ": " + unknown.getMessage(), unknown);
            }
        } catch (IllegalArgumentException malformed) {
            throw new IOException("cannot open " + address + ": " + malformed.getMessage(), malformed);
        }
    }

    /** The names that have images, sorted. */
    public List<String> names() throws IOException {
        return objects.children("").stream().filter(ImageName::isValid).sorted().toList();
    }

    /** The complete images of a name, oldest first. */
    public List<RemoteImage> images(String name) throws IOException {
        Map<String, Set<String>> files = new LinkedHashMap<>();
        for (ObjectStore.Entry entry : objects.list(ImageName.require(name) + IMAGES)) {
            String[] path =
                    entry.key().substring(name.length() + IMAGES.length()).split("/", -1);
            // What lies deeper is stored before the manifest, so it need not be looked for.
            if (path.length == 2 && ImageStore.isImageDirectory(path[0])) {
                files.computeIfAbsent(path[0], directory -> new HashSet<>()).add(path[1]);
            }
        }
        List<RemoteImage> images = new ArrayList<>();
        for (Map.Entry<String, Set<String>> image : files.entrySet()) {
            boolean sealed = image.getValue().containsAll(CarriedImage.fileNames(true, 0));
            if (image.getValue().contains(INDEX)
                    && (sealed || image.getValue().containsAll(CarriedImage.fileNames(false, 0)))) {
                List<List<Piece>> index = index(name, image.getKey());
                if (index != null) {
                    images.add(new RemoteImage(
                            name, image.getKey(), ImageStore.created(Path.of(image.getKey())), index, sealed));
                }
            }
        }
        images.sort((a, b) -> ImageStore.byAge(a.directory(), b.directory()));
        return images;
    }

    /** What an image consists of; null if it was deleted since it was listed. */
    private @Nullable List<List<Piece>> index(String name, String directory) throws IOException {
        String key = name + IMAGES + directory + '/' + INDEX;
        try {
            return PackIndex.parse(key, objects.read(key, PackIndex.MAX_BYTES));
        } catch (NoSuchFileException deleted) {
            return null;
        }
    }

    /**
     * Brings an image into the repository, unless it is there. What is there of it, from an earlier call that did not come to its end or
     * in other images of its name, is not stored again.
     *
     * @throws IOException if it is damaged where it lies, another image has its place, or the store fails
     */
    public Push push(CarriedImage image) throws IOException {
        String name = ImageName.require(image.name());
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Push done = tryToPush(name, image);
            if (done != null) {
                return done;
            }
        }
        throw new IOException("cannot copy " + image.name() + "/" + image.directory()
                + ": somebody else deletes it from " + objects + " again and again");
    }

    /** Null if somebody has deleted it meanwhile, or a sweep that took it for abandoned. */
    private @Nullable Push tryToPush(String name, CarriedImage image) throws IOException {
        String home = name + IMAGES + image.directory() + '/';
        Map<String, byte[]> files = image.files();
        List<String> names = List.copyOf(files.keySet());
        String manifest = home + names.get(names.size() - 1);
        Set<String> there = keys(home);
        boolean complete = there.contains(home + INDEX) && names.stream().allMatch(file -> there.contains(home + file));
        if (!complete && there.contains(manifest)) {
            // Of an image that was deleted while somebody else was bringing it: its pieces may be gone.
            objects.delete(manifest);
        }
        byte[] index = PackIndex.write(image.packs());
        if (objects.create(home + INDEX, index)) {
            if (complete) {
                return null;
            }
        } else if (!isIndex(index, home, image)) {
            return null;
        } else if (complete) {
            return new Push(false, 0, 0);
        } else {
            // It may have been left so long ago that the next sweep would take it for abandoned.
            objects.put(home + INDEX, index);
        }
        awaitSweeps(name);
        if (objects.create(home + INDEX, index)) {
            return null;
        }
        Push push = pushPieces(name, image);
        for (String file : names.subList(0, names.size() - 1)) {
            objects.put(home + file, file(files, file));
        }
        if (!keys(home).contains(home + INDEX)) {
            return null;
        }
        objects.put(manifest, file(files, names.get(names.size() - 1)));
        return push;
    }

    private static byte[] file(Map<String, byte[]> files, String name) {
        return Objects.requireNonNull(files.get(name));
    }

    /** Whether this is what is there; false if nothing is there any more. */
    private boolean isIndex(byte[] index, String home, CarriedImage image) throws IOException {
        try {
            if (Arrays.equals(index, objects.read(home + INDEX, PackIndex.MAX_BYTES))) {
                return true;
            }
        } catch (NoSuchFileException deleted) {
            return false;
        }
        throw new IOException("cannot copy " + image.name() + "/" + image.directory()
                + ": another image has its place in " + objects);
    }

    private Set<String> keys(String prefix) throws IOException {
        return objects.list(prefix).stream().map(ObjectStore.Entry::key).collect(Collectors.toSet());
    }

    private Push pushPieces(String name, CarriedImage image) throws IOException {
        Map<String, Long> there = new HashMap<>();
        for (ObjectStore.Entry entry : objects.list(name + PIECES)) {
            there.put(entry.key().substring(name.length() + PIECES.length()), entry.bytes());
        }
        long moved = 0;
        long reused = 0;
        List<List<Piece>> packs = image.packs();
        for (int pack = 0; pack < packs.size(); pack++) {
            for (int i = 0; i < packs.get(pack).size(); i++) {
                Piece piece = packs.get(pack).get(i);
                Long bytes = there.get(piece.sha256());
                if (bytes != null && bytes == piece.bytes()) {
                    reused += piece.bytes();
                    continue;
                }
                objects.put(name + PIECES + piece.sha256(), checked(image, pack, i, piece));
                there.put(piece.sha256(), (long) piece.bytes());
                moved += piece.bytes();
            }
        }
        return new Push(true, moved, reused);
    }

    private static byte[] checked(CarriedImage image, int pack, int piece, Piece expected) throws IOException {
        byte[] content = image.read(pack, piece);
        if (!expected.is(content)) {
            throw new IOException("cannot copy " + image.name() + "/" + image.directory() + ": piece " + piece
                    + " of pack " + pack + " is not what its hash says; the image is damaged where it lies");
        }
        return content;
    }

    private void awaitSweeps(String name) throws IOException {
        // A sweep that begins from here on sees the index.
        Set<String> begunBefore = keys(name + SWEEPS);
        long deadline = System.nanoTime() + LEASE.toNanos();
        while (!begunBefore.isEmpty() && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(pollMillis);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while a sweep of " + objects + " was under way", stop);
            }
            begunBefore.retainAll(keys(name + SWEEPS));
        }
    }

    /** An image of this repository, to be carried elsewhere. */
    public CarriedImage carried(RemoteImage image) {
        return new Carried(image);
    }

    /**
     * Reads every byte of an image and compares it with its hashes.
     *
     * @return what is wrong, nothing if it is intact
     */
    public List<String> verify(RemoteImage image) throws IOException {
        List<String> broken = new ArrayList<>();
        try (CarriedImage carried = carried(image)) {
            for (int pack = 0; pack < carried.packs().size(); pack++) {
                List<Piece> pieces = carried.packs().get(pack);
                for (int i = 0; i < pieces.size(); i++) {
                    String key = image.name() + PIECES + pieces.get(i).sha256();
                    try {
                        if (!pieces.get(i).is(carried.read(pack, i))) {
                            broken.add(key + " is not what its name says");
                        }
                    } catch (NoSuchFileException missing) {
                        broken.add(key + " is missing");
                    }
                }
            }
            broken.addAll(ImageStore.brokenFiles(carried));
        }
        return broken;
    }

    /** Deletes an image. Its pieces go with the next sweep. */
    public void delete(RemoteImage image) throws IOException {
        String home = image.name() + IMAGES + image.directory() + '/';
        List<String> files = new ArrayList<>(
                CarriedImage.fileNames(image.sealed(), image.packs().size() - 1));
        Collections.reverse(files);
        for (String file : files) {
            objects.delete(home + file);
        }
        objects.delete(home + INDEX);
    }

    /** Deletes what no image of a name has any more. */
    public Sweep sweep(String name) throws IOException {
        long begun = System.nanoTime();
        String mark = ImageName.require(name) + SWEEPS + UUID.randomUUID();
        objects.put(mark, new byte[] {'\n'});
        try {
            return sweepMarked(name, begun);
        } finally {
            objects.delete(mark);
        }
    }

    private Sweep sweepMarked(String name, long begun) throws IOException {
        Set<String> complete = new HashSet<>();
        images(name).forEach(image -> complete.add(image.directory()));
        Set<String> used = new HashSet<>();
        Set<String> abandoned = new LinkedHashSet<>();
        for (ObjectStore.Entry entry : objects.list(name + IMAGES)) {
            if (!entry.key().endsWith('/' + INDEX)) {
                continue;
            }
            String directory = entry.key()
                    .substring(name.length() + IMAGES.length(), entry.key().length() - INDEX.length() - 1);
            if (!complete.contains(directory) && isOld(entry)) {
                abandoned.add(directory);
            } else {
                List<List<Piece>> index = index(name, directory);
                if (index != null) {
                    index.forEach(pack -> pack.forEach(piece -> used.add(piece.sha256())));
                }
            }
        }
        int pieces = 0;
        long bytes = 0;
        for (ObjectStore.Entry entry : objects.list(name + PIECES)) {
            if (System.nanoTime() - begun > LEASE.toNanos() / 2) {
                break;
            }
            if (!used.contains(entry.key().substring(name.length() + PIECES.length()))) {
                objects.delete(entry.key());
                pieces++;
                bytes += entry.bytes();
            }
        }
        for (String directory : abandoned) {
            for (ObjectStore.Entry entry : objects.list(name + IMAGES + directory + '/')) {
                objects.delete(entry.key());
            }
        }
        return new Sweep(pieces, bytes, abandoned.size());
    }

    private static boolean isOld(ObjectStore.Entry entry) {
        return entry.modified().isBefore(Instant.now().minus(UNFINISHED_KEPT));
    }

    @Override
    public void close() throws IOException {
        objects.close();
    }

    private final class Carried implements CarriedImage {
        private final RemoteImage image;

        Carried(RemoteImage image) {
            this.image = image;
        }

        @Override
        public String name() {
            return image.name();
        }

        @Override
        public String directory() {
            return image.directory();
        }

        @Override
        public List<List<Piece>> packs() {
            return image.packs();
        }

        @Override
        public byte[] read(int pack, int piece) throws IOException {
            String sha256 = image.packs().get(pack).get(piece).sha256();
            return objects.read(image.name() + PIECES + sha256, Piece.MAX_BYTES);
        }

        @Override
        public Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new LinkedHashMap<>();
            long left = MAX_FILE_BYTES;
            for (String name :
                    CarriedImage.fileNames(image.sealed(), image.packs().size() - 1)) {
                byte[] content = objects.read(image.name() + IMAGES + image.directory() + '/' + name, left);
                files.put(name, content);
                left -= content.length;
            }
            return files;
        }

        @Override
        public void close() {
            // The store is the repository's.
        }
    }
}
