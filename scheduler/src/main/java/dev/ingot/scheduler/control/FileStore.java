package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files that come with workloads, once for each tenant, by their hashes. Thread-safe.
 *
 * <pre>
 * workloads/.files/TENANT/SHA256         a file that is whole and durable
 * workloads/.files/TENANT/SHA256.part    what has come of one
 * </pre>
 */
final class FileStore {
    private static final int STRIPES = 64;
    private static final String PART = ".part";
    private static final int MOST_FILES_OF_TENANT = 10_000;

    private final PoolDirectory directory;
    /** Left free on the disk, for images and the journal. */
    private final long spareBytes;
    /** Of each tenant, all together. */
    private final long mostBytes;

    private final List<Object> locks =
            Stream.generate(Object::new).limit(STRIPES).toList();

    FileStore(PoolDirectory directory, long spareBytes, long mostBytes) {
        this.mostBytes = mostBytes;
        this.directory = directory;
        this.spareBytes = spareBytes;
    }

    private Object lock(Path file) {
        return locks.get(Math.floorMod(file.hashCode(), STRIPES));
    }

    /**
     * Takes bytes of a file, and makes it one of the tenant's when all have come.
     *
     * @param size of the whole file
     * @param from the place of the first byte; what came from there on before is replaced
     * @return how much has come
     */
    long take(String tenant, String hash, long size, long from, byte[] content) throws IOException {
        Path file = directory.file(tenant, hash);
        synchronized (lock(file)) {
            if (isWhole(file, size)) {
                touch(file);
                return size;
            }
            PoolDirectory.createOwned(directory.files(tenant));
            Path part = directory.files(tenant).resolve(hash + PART);
            long come = Files.exists(part) ? Files.size(part) : 0;
            if (content.length == 0 && size > 0) {
                return come;
            }
            requireRoom(tenant, size, from, come, content.length);
            try {
                write(part, from, content);
                if (from + content.length == size) {
                    requireWhole(part, hash);
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException full) {
                // What takes room without being of any use makes it worse.
                Files.deleteIfExists(part);
                throw full;
            }
            return from + content.length;
        }
    }

    private static boolean isWhole(Path file, long size) throws IOException {
        return Files.exists(file) && Files.size(file) == size;
    }

    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
    }

    private void requireRoom(String tenant, long size, long from, long come, int more) throws IOException {
        if (from > come || from + more > size) {
            throw new Refusal(Reply.CONFLICT, "of this file " + come + " of " + size + " bytes have come");
        }
        if (Files.getFileStore(directory.files(tenant)).getUsableSpace() < size - from + spareBytes) {
            throw new Refusal(
                    Reply.INSUFFICIENT_STORAGE, "the pool's disk has no room for a file of " + size + " bytes");
        }
        // At each part, since who begins many files has sent none of them yet.
        long all = more;
        int count = 1;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.files(tenant))) {
            for (Path each : files) {
                all += each.toFile().length();
                count++;
            }
        }
        if (all > mostBytes || count > MOST_FILES_OF_TENANT) {
            throw new Refusal(
                    Reply.INSUFFICIENT_STORAGE,
                    "files of " + tenant + " have no more room: at most " + MOST_FILES_OF_TENANT + " files of "
                            + mostBytes + " bytes together; those of ended workloads go within two hours");
        }
    }

    private static void write(Path file, long from, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(from);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes, from + bytes.position());
            }
            channel.force(false);
        }
    }

    private static void requireWhole(Path part, String hash) throws IOException {
        if (!ContentHash.of(part).equals(hash)) {
            Files.delete(part);
            throw new Refusal(
                    Reply.CONFLICT, "what has come is another file than its hash says; it was changed meanwhile");
        }
    }

    /**
     * Makes sure that the files of a workload have come.
     *
     * @throws Refusal if not
     */
    void requireThere(WorkloadSpec spec) throws IOException {
        for (ShippedFile shipped : spec.files()) {
            Path file = directory.file(spec.tenant(), shipped.sha256());
            synchronized (lock(file)) {
                if (!isWhole(file, shipped.bytes())) {
                    throw new Refusal(
                            Reply.CONFLICT,
                            "file " + shipped.name()
                                    + " has not come; send it before the workload, as 'ingot submit' does");
                }
                touch(file);
            }
        }
    }

    /** Reads bytes of a file, at most {@code length}; fewer only at its end, and none if it is not there. */
    byte[] read(String tenant, String hash, long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.file(tenant, hash))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, channel.size() - from)));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // Until it is all there.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (NoSuchFileException gone) {
            // A node that is refused something asks again; this has to be the end.
            return new byte[0];
        }
    }

    /**
     * Deletes what nobody needs.
     *
     * @param needed the {@link PoolDirectory#file files} that workloads have
     * @param before when something may have come last for that: who sends files has yet to submit its workload
     */
    void sweep(Set<Path> needed, long before) throws IOException {
        if (Files.notExists(directory.files())) {
            return;
        }
        try (DirectoryStream<Path> tenants = Files.newDirectoryStream(directory.files())) {
            for (Path tenant : tenants) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(tenant)) {
                    for (Path file : files) {
                        sweep(file, needed, before);
                    }
                }
            }
        }
    }

    private void sweep(Path file, Set<Path> needed, long before) throws IOException {
        synchronized (lock(file)) {
            if (!needed.contains(file)
                    && Files.exists(file)
                    && Files.getLastModifiedTime(file).toMillis() < before) {
                Files.delete(file);
            }
        }
    }
}
