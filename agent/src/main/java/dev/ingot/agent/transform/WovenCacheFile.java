package dev.ingot.agent.transform;

import static java.util.Objects.requireNonNull;

import dev.ingot.agent.weave.Weaver;
import dev.ingot.core.jvm.ProcessId;
import java.io.File;
import java.io.FileFilter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The file a {@link WovenCache} is kept in: {@code woven-KEY} in {@code $XDG_CACHE_HOME/ingot}, or {@code ~/.cache/ingot}, or
 * {@code /tmp/ingot-cache-UID} where there is no {@code ~/.cache}; one for each JDK and build of Ingot, and one for each class path with it.
 *
 * <p>Its classes become part of the JDK and of programs in memory, so it is used only from a directory that belongs to this user and that nobody
 * else may enter. JVMs that read it have it mapped: it only grows, or gives its place to another file. Each record has a checksum.
 */
class WovenCacheFile {
    private static final String PREFIX = "woven-";
    private static final String PARTIAL = "partial-";
    private static final String TEMPORARY = "/tmp/ingot-cache-";
    private static final int MAGIC = 0x49574334;
    private static final int PERMISSIONS = 0777;
    private static final int OWNER_ONLY = 0700;
    private static final int LARGEST = 1 << 30;
    private static final int MOST_FILES = 64;
    private static final long MOST_BYTES = 1L << 30;
    private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;
    private static final long UNUSED_MILLIS = 60 * DAY_MILLIS;

    private final Path directory;
    private final String identity;

    WovenCacheFile(Path directory, String identity) {
        this.directory = directory;
        this.identity = identity;
    }

    /** @param program what tells programs with classes of their own apart; empty for the classes of the JDK */
    static WovenCacheFile ofThisUser(String program) throws IOException {
        return new WovenCacheFile(
                directory(System.getenv("XDG_CACHE_HOME"), System.getenv("HOME")),
                identityOfThisBuild().concat("\n").concat(program));
    }

    /**
     * The directory of this user. One whose home holds no {@code .cache} is not given one: such homes are often made for a single
     * run, in which nothing would be found again.
     *
     * @param cacheHome the value of {@code XDG_CACHE_HOME}
     * @param home the value of {@code HOME}
     */
    static Path directory(@Nullable String cacheHome, @Nullable String home) throws IOException {
        if (cacheHome != null && cacheHome.startsWith("/")) {
            return Path.of(cacheHome, "ingot");
        }
        if (home != null && home.startsWith("/") && new File(home, ".cache").isDirectory()) {
            return Path.of(home, ".cache", "ingot");
        }
        return Path.of(TEMPORARY.concat(Integer.toString(thisUser())));
    }

    private static int thisUser() throws IOException {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (UnsupportedOperationException failure) {
            throw new IOException("cannot tell which user this is on this system", failure);
        }
    }

    private static String identityOfThisBuild() throws IOException {
        String home = System.getProperty("java.home");
        return String.join(
                "\n",
                System.getProperty("java.vm.version"),
                stamp(new File(home, "lib/modules")),
                stamp(ownJar()),
                Integer.toString(Weaver.VERSION));
    }

    private static String stamp(File file) {
        return file.getPath()
                .concat(" ")
                .concat(Long.toString(file.length()))
                .concat(" ")
                .concat(Long.toString(file.lastModified()));
    }

    private static File ownJar() throws IOException {
        try {
            return new File(WovenCacheFile.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException failure) {
            throw new IOException("cannot tell which build of Ingot this is", failure);
        }
    }

    private Path path() {
        CRC32 crc = new CRC32();
        crc.update(identity.getBytes(StandardCharsets.UTF_8));
        return directory.resolve(PREFIX.concat(Long.toHexString(crc.getValue())));
    }

    /** What the file holds; nothing if there is no such file or it is another JDK's or build's. */
    WovenRecords read() throws IOException {
        File file = path().toFile();
        if (!file.exists()) {
            return WovenRecords.none();
        }
        requireSafe();
        markUsed(file);
        try (FileInputStream stream = new FileInputStream(file)) {
            return records(stream.getChannel());
        }
    }

    /** The last of its uses tells how long a file is kept; once a day is enough to know. */
    private static void markUsed(File file) throws IOException {
        long now = System.currentTimeMillis();
        if (now - file.lastModified() > DAY_MILLIS) {
            Files.setLastModifiedTime(file.toPath(), FileTime.fromMillis(now));
        }
    }

    private WovenRecords records(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size > LARGEST) {
            throw new IOException(path() + " has " + size + " bytes, more than any cache of woven classes");
        }
        byte[] header = header();
        MappedByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        if (size < header.length || !content.slice(0, header.length).equals(ByteBuffer.wrap(header))) {
            return WovenRecords.none();
        }
        return WovenRecords.of(content, header.length);
    }

    /** What tells the files of other JDKs and builds; records follow it. */
    private byte[] header() {
        byte[] name = identity.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 * Integer.BYTES + name.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(MAGIC)
                .putInt(name.length)
                .put(name)
                .array();
    }

    /**
     * Adds classes to the file. What is in it stays as it is, because other JVMs read it meanwhile; only if it would become larger than {@code largest}
     * bytes, or is not one of this JDK and build, another one takes its place.
     *
     * @return what it holds then, or {@code null} if another JVM adds to it at this moment
     */
    @Nullable WovenRecords append(Map<WovenKey, WovenCache.Entry> added, int largest) throws IOException {
        prepareDirectory();
        File file = path().toFile();
        try (RandomAccessFile access = new RandomAccessFile(file, "rw");
                FileLock lock = access.getChannel().tryLock()) {
            if (lock == null) {
                return null;
            }
            WovenRecords present = records(access.getChannel());
            if (present.end() > 0 && present.end() + sizeOf(added) <= largest) {
                append(access, present, added);
                return records(access.getChannel());
            }
        }
        return replace(file, added, largest);
    }

    private static long sizeOf(Map<WovenKey, WovenCache.Entry> added) {
        long size = 0;
        for (Map.Entry<WovenKey, WovenCache.Entry> entry : added.entrySet()) {
            size += WovenRecords.sizeOf(entry.getKey(), entry.getValue());
        }
        return size;
    }

    private static void append(RandomAccessFile file, WovenRecords present, Map<WovenKey, WovenCache.Entry> added)
            throws IOException {
        // What a crash left behind the last whole record, which nobody reads.
        file.setLength(present.end());
        file.seek(present.end());
        for (Map.Entry<WovenKey, WovenCache.Entry> entry : added.entrySet()) {
            if (!present.contains(entry.getKey())) {
                file.write(WovenRecords.write(entry.getKey(), entry.getValue()));
            }
        }
    }

    private WovenRecords replace(File file, Map<WovenKey, WovenCache.Entry> added, int largest) throws IOException {
        // Nobody else can write here, so the name need not be unforeseeable.
        File partial = directory
                .resolve(PARTIAL.concat(Long.toString(ProcessId.own()))
                        .concat("-")
                        .concat(Long.toHexString(System.nanoTime())))
                .toFile();
        try (RandomAccessFile access = new RandomAccessFile(partial, "rw")) {
            byte[] header = header();
            access.write(header);
            if (header.length + sizeOf(added) <= largest) {
                append(access, WovenRecords.none(header.length), added);
            }
            Files.move(partial.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE);
            return records(access.getChannel());
        } finally {
            Files.deleteIfExists(partial.toPath());
            removeUnused();
        }
    }

    private void prepareDirectory() throws IOException {
        Path parent = directory.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException usual) {
            requireSafe();
        }
    }

    private void requireSafe() throws IOException {
        Map<String, Object> attributes;
        int user = thisUser();
        try {
            attributes = Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException failure) {
            throw new IOException("cannot tell whose " + directory + " is on this system", failure);
        }
        int owner = (int) requireNonNull(attributes.get("uid"));
        int permissions = (int) requireNonNull(attributes.get("mode")) & PERMISSIONS;
        if (owner != user || permissions != OWNER_ONLY) {
            throw new IOException("will not use " + directory + ": it belongs to user " + owner + " with permissions "
                    + Integer.toOctalString(permissions) + ", but must belong to user " + user
                    + " with permissions 700; change that or remove it");
        }
    }

    /** Files of JDKs, builds and programs that were used long ago, or before many others, or before others that take much room. */
    private void removeUnused() throws IOException {
        File[] files = directory.toFile().listFiles(new FileFilter() {
            @Override
            public boolean accept(File file) {
                // Others keep what they need in this directory, too.
                return file.getName().startsWith(PREFIX) || file.getName().startsWith(PARTIAL);
            }
        });
        if (files == null) {
            return;
        }
        Map<File, Long> used = new HashMap<>();
        for (File file : files) {
            used.put(file, file.lastModified());
        }
        Arrays.sort(files, new Comparator<>() {
            @Override
            public int compare(File first, File second) {
                return requireNonNull(used.get(second)).compareTo(requireNonNull(used.get(first)));
            }
        });
        long now = System.currentTimeMillis();
        long size = 0;
        for (int i = 0; i < files.length; i++) {
            size += files[i].length();
            if (i >= MOST_FILES || size > MOST_BYTES || now - files[i].lastModified() > UNUSED_MILLIS) {
                Files.deleteIfExists(files[i].toPath());
            }
        }
    }
}
