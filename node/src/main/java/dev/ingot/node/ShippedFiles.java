package dev.ingot.node;

import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.PoolDirectory;
import dev.ingot.scheduler.wire.PoolException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The files that came with the workloads of this node. Thread-safe.
 *
 * <pre>
 * ROOT/ingot-files-RANDOM/NAME...      a workload's files, nobody's to change
 * ROOT/ingot-files-RANDOM.NODE         says that this node needs them, and which process it is
 * ROOT/ingot-files-RANDOM.NODE.d/      what has come of them
 * ROOT/.ingot-files-UID.lock           locked for changes
 * </pre>
 *
 * Nodes of one machine have the same place for the same workload, so the last one that needs it deletes it. What a node needed that has
 * ended without a word is deleted by the next one that starts, of whatever pool of the same user: a program does not outlive its node.
 */
final class ShippedFiles {
    private static final String OWN_FILE = "r--------";
    private static final String OWN_DIRECTORY = "r-x------";
    private static final String STAGING = ".d";
    private static final String UNLOCKED = "rwx------";
    /** A program that moves notices when a file that it has open is another one by its time. */
    private static final FileTime TIME = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

    private static final Object LOCK = new Object();

    private final Path root;
    private final String node;
    private final Depot depot;
    /** The places of workloads that this node has or had. */
    private final Map<String, Path> places = new HashMap<>();

    /** @param node tells this node from others of the machine; a name for files */
    ShippedFiles(Path root, String node, Depot depot) {
        this.root = root;
        this.node = node;
        this.depot = depot;
    }

    private interface Change {
        void make() throws IOException;
    }

    /** Nodes are processes of their own, and have threads. */
    private void locked(Change change) throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        synchronized (LOCK) {
            Path file = root.resolve(".ingot-files-" + user + ".lock");
            try (FileChannel channel = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    FileLock lock = channel.lock()) {
                Objects.requireNonNull(lock);
                change.make();
            }
        }
    }

    private static boolean isOwn(Path file) throws IOException {
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user);
    }

    /**
     * Has the files of a workload where it looks for them.
     *
     * @throws PoolException if the pool cannot be asked for them now
     * @throws IOException if they cannot be there
     */
    void put(Order order) throws PoolException, IOException {
        WorkloadSpec spec = order.spec();
        if (spec.files().isEmpty()) {
            return;
        }
        Path place = place(spec);
        synchronized (places) {
            places.put(order.workload(), place);
        }
        locked(() -> Files.writeString(marker(place), Owner.self().text()));
        if (isThere(place, spec.files())) {
            return;
        }
        Path staging = staging(place);
        PoolDirectory.createOwned(staging);
        for (ShippedFile file : spec.files()) {
            fetch(order, file, staging);
        }
        seal(staging);
        locked(() -> {
            if (!isThere(place, spec.files())) {
                delete(place);
                Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
            } else {
                delete(staging);
            }
        });
    }

    private Path place(WorkloadSpec spec) throws IOException {
        Path place = Path.of(spec.environment().getOrDefault(WorkloadSpec.FILES_VARIABLE, ""));
        Path name = place.getFileName();
        if (name == null || !FilesPlace.isName(name.toString()) || !root.equals(place.getParent())) {
            throw new IOException("'" + place + "' is no place for files of a workload on this node");
        }
        return place;
    }

    private Path marker(Path place) {
        return place.resolveSibling(place.getFileName() + "." + node);
    }

    private Path staging(Path place) {
        return place.resolveSibling(marker(place).getFileName() + STAGING);
    }

    private static boolean isThere(Path place, List<ShippedFile> files) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        } else if (!isOwn(place)) {
            throw new IOException(place + " belongs to somebody else");
        }
        for (ShippedFile file : files) {
            Path path = place.resolve(file.name());
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) != file.bytes()) {
                return false;
            }
        }
        return true;
    }

    private void fetch(Order order, ShippedFile file, Path staging) throws PoolException, IOException {
        Path path = staging.resolve(file.name()).normalize();
        if (!path.startsWith(staging) || path.equals(staging)) {
            throw new IOException("'" + file.name() + "' is no name of a file of a workload");
        }
        PoolDirectory.createOwned(Objects.requireNonNull(path.getParent()));
        if (Files.exists(path)
                && Files.size(path) == file.bytes()
                && ContentHash.of(path).equals(file.sha256())) {
            return;
        }
        depot.fetchFile(order, file, path);
        if (Files.size(path) != file.bytes() || !ContentHash.of(path).equals(file.sha256())) {
            Files.delete(path);
            throw new IOException("file " + file.name() + " came damaged from the pool");
        }
        Files.setLastModifiedTime(path, TIME);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OWN_FILE));
    }

    private static void seal(Path directory) throws IOException {
        for (Path each : directories(directory)) {
            Files.setLastModifiedTime(each, TIME);
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(OWN_DIRECTORY));
        }
    }

    /** Those above before those below. */
    private static List<Path> directories(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (Path each : directories(directory)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(UNLOCKED));
            }
            PoolDirectory.delete(directory);
        }
    }

    /** This node does not have the workload any more. */
    void release(String workload) throws IOException {
        Path place;
        synchronized (places) {
            place = places.remove(workload);
            // Members of a gang have one.
            if (place == null || places.containsValue(place)) {
                return;
            }
        }
        release(place);
    }

    private void release(Path place) throws IOException {
        release(place, node);
    }

    private void release(Path place, String holder) throws IOException {
        locked(() -> {
            Path marker = place.resolveSibling(place.getFileName() + "." + holder);
            Files.deleteIfExists(marker);
            delete(marker.resolveSibling(marker.getFileName() + STAGING));
            try (DirectoryStream<Path> others = Files.newDirectoryStream(root, place.getFileName() + ".*")) {
                if (!others.iterator().hasNext()) {
                    delete(place);
                }
            }
        });
    }

    /** Nothing of what an earlier process of this node had is needed, nor of what nodes had that have ended: programs end with their nodes. */
    void releaseAll() throws IOException {
        try (DirectoryStream<Path> markers = Files.newDirectoryStream(root, "ingot-files-*.*")) {
            for (Path marker : markers) {
                String name = marker.getFileName().toString();
                int end = name.indexOf('.');
                String holder = name.substring(end + 1);
                boolean isMarker = FilesPlace.isName(name.substring(0, end))
                        && Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)
                        && isOwn(marker);
                if (isMarker && (holder.equals(node) || isOfNobody(marker))) {
                    release(root.resolve(name.substring(0, end)), holder);
                }
            }
        }
    }

    private static boolean isOfNobody(Path marker) {
        try {
            return Owner.parse(Files.readString(marker)).hasEnded();
        } catch (IOException unknown) {
            // It goes in the meantime, or is of an earlier version, and for a person to delete.
            return false;
        }
    }
}
