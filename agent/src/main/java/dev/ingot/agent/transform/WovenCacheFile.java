package dev.ingot.agent.transform;

import static java.util.Objects.requireNonNull;

import dev.ingot.agent.weave.Weaver;
import dev.ingot.core.jvm.ProcessId;
import java.io.File;
import java.io.FileFilter;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * else may enter. It is replaced atomically, and a checksum tells a damaged one.
 */
class WovenCacheFile {
    private static final String PREFIX = "woven-";
    private static final String PARTIAL = "partial-";
    private static final String TEMPORARY = "/tmp/ingot-cache-";
    private static final int MAGIC = 0x49574333;
    private static final int ABSENT = -1;
    private static final int EARLY = 1;
    private static final int OUTGROWN = 2;
    private static final int PERMISSIONS = 0777;
    private static final int OWNER_ONLY = 0700;
    private static final int LONGEST = 1 << 27;
    private static final int MOST_FILES = 64;
    private static final long UNUSED_MILLIS = 60L * 24 * 60 * 60 * 1000;

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

    /** What the file holds; nothing if there is no such file. */
    Map<String, WovenCache.Entry> read() throws IOException {
        File file = path().toFile();
        if (!file.exists()) {
            return Map.of();
        }
        requireSafe();
        byte[] content = content(file);
        requireWhole(content);
        try {
            return entries(ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN));
        } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException damaged) {
            throw new IOException(file + " is damaged; it will be written anew", damaged);
        }
    }

    private static byte[] content(File file) throws IOException {
        if (file.length() > LONGEST) {
            throw new IOException(file + " has " + file.length() + " bytes, more than any cache of woven classes");
        }
        try (FileInputStream stream = new FileInputStream(file)) {
            return stream.readAllBytes();
        }
    }

    private void requireWhole(byte[] content) throws IOException {
        int length = content.length - Integer.BYTES;
        if (length < 0 || sum(content, length) != ByteBuffer.wrap(content).getInt(length)) {
            throw new IOException(path() + " is damaged: its checksum is wrong; it will be written anew");
        }
    }

    private Map<String, WovenCache.Entry> entries(ByteBuffer content) throws IOException {
        if (content.getInt() != MAGIC || !string(content).equals(identity)) {
            throw new IOException(path() + " belongs to another JDK or another build of Ingot");
        }
        int count = content.getInt();
        Map<String, WovenCache.Entry> entries = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = string(content);
            ByteBuffer woven = block(content);
            ByteBuffer sites = block(content);
            int marks = content.getInt();
            entries.put(key, new WovenCache.Entry(woven, sites, (marks & OUTGROWN) != 0, (marks & EARLY) != 0));
        }
        return entries;
    }

    private static String string(ByteBuffer content) {
        byte[] bytes = new byte[content.getInt()];
        content.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable ByteBuffer block(ByteBuffer content) {
        int length = content.getInt();
        if (length == ABSENT) {
            return null;
        }
        ByteBuffer block = content.slice(content.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        content.position(content.position() + length);
        return block;
    }

    /**
     * Replaces the file.
     *
     * @param size of all entries together, in bytes
     */
    @SuppressWarnings("ByteBufferBackingArray") // The content is a buffer of its own, from its array's start.
    void write(Map<String, WovenCache.Entry> entries, int size) throws IOException {
        prepareDirectory();
        ByteBuffer content = content(entries, size);
        // Nobody else can write here, so the name need not be unforeseeable.
        File partial = directory
                .resolve(PARTIAL.concat(Long.toString(ProcessId.own()))
                        .concat("-")
                        .concat(Long.toHexString(System.nanoTime())))
                .toFile();
        try {
            try (FileOutputStream stream = new FileOutputStream(partial)) {
                stream.write(content.array(), 0, content.position());
            }
            Files.move(partial.toPath(), path(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial.toPath());
        }
        removeUnused();
    }

    private ByteBuffer content(Map<String, WovenCache.Entry> entries, int size) {
        byte[] name = identity.getBytes(StandardCharsets.UTF_8);
        int length = size + name.length + 4 * Integer.BYTES;
        for (String key : entries.keySet()) {
            length += key.getBytes(StandardCharsets.UTF_8).length + 4 * Integer.BYTES;
        }
        ByteBuffer content = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        content.putInt(MAGIC).putInt(name.length).put(name).putInt(entries.size());
        for (Map.Entry<String, WovenCache.Entry> entry : entries.entrySet()) {
            put(content, ByteBuffer.wrap(entry.getKey().getBytes(StandardCharsets.UTF_8)));
            ByteBuffer woven = entry.getValue().classFile();
            put(content, woven == null ? null : woven.duplicate());
            ByteBuffer sites = entry.getValue().sites();
            put(content, sites == null ? null : sites.duplicate());
            content.putInt(
                    (entry.getValue().early() ? EARLY : 0) | (entry.getValue().outgrown() ? OUTGROWN : 0));
        }
        content.order(ByteOrder.BIG_ENDIAN).putInt(sum(content.array(), content.position()));
        return content;
    }

    private static void put(ByteBuffer content, @Nullable ByteBuffer block) {
        if (block == null) {
            content.putInt(ABSENT);
        } else {
            content.putInt(block.remaining()).put(block);
        }
    }

    private static int sum(byte[] content, int length) {
        CRC32 crc = new CRC32();
        crc.update(content, 0, length);
        return (int) crc.getValue();
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

    /** Files of JDKs, builds and programs that were written long ago, or before many others. */
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
        Map<File, Long> written = new HashMap<>();
        for (File file : files) {
            written.put(file, file.lastModified());
        }
        Arrays.sort(files, new Comparator<>() {
            @Override
            public int compare(File first, File second) {
                return requireNonNull(written.get(second)).compareTo(requireNonNull(written.get(first)));
            }
        });
        long now = System.currentTimeMillis();
        for (int i = 0; i < files.length; i++) {
            if (i >= MOST_FILES || now - files[i].lastModified() > UNUSED_MILLIS) {
                Files.deleteIfExists(files[i].toPath());
            }
        }
    }
}
