package dev.ingot.core.jdk.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** The file that a native library was loaded from. Whoever unpacks a library from a jar often deletes the file at once. */
final class LibraryFile {
    /** Larger ones are not unpacked from jars; they are installed, and found at their place. */
    private static final long LARGEST = 64L << 20;

    private static final String DELETED = " (deleted)";
    private static final Path MAP_FILES = Path.of("/proc/self/map_files");

    /** Of the libraries that {@link #use} has loaded from files of its own, which are gone. */
    private static final Map<Path, byte[]> CONTENTS = new ConcurrentHashMap<>();

    /** Where {@link #use} has put what was loaded from another place when the image was taken. */
    private static final Map<Path, Path> PLACES = new ConcurrentHashMap<>();

    private LibraryFile() {}

    /** Loads a library from a file. */
    interface Loader {
        void load(Path file) throws IOException;
    }

    /**
     * The content of the file that this process has loaded from {@code path}, or null if it is large and still there.
     *
     * @param by the class that loaded it, perhaps from its own jar
     * @throws IOException if the file has gone, this process may not read what the kernel keeps of it, and it is not in the jar
     */
    static byte @Nullable [] contentOf(Path path, Class<?> by) throws IOException {
        byte[] known = CONTENTS.get(path);
        if (known != null) {
            return known;
        }
        MemoryMap gone = MemoryMap.of(path + DELETED);
        if (gone == null) {
            return Files.size(path) > LARGEST ? null : Files.readAllBytes(path);
        }
        try {
            return Files.readAllBytes(MAP_FILES.resolve(gone.range()));
        } catch (IOException refused) {
            byte[] unpacked = unpackedFrom(by, gone);
            if (unpacked == null) {
                throw new IOException("its file was deleted or replaced after it was loaded", refused);
            }
            CONTENTS.put(path, unpacked);
            return unpacked;
        }
    }

    /** The file in the jar of {@code by} that begins with what is mapped at {@code library}; null if there is none. */
    static byte @Nullable [] unpackedFrom(Class<?> by, MemoryMap library) throws IOException {
        CodeSource source = by.getProtectionDomain().getCodeSource();
        Path jar = source == null || source.getLocation() == null ? null : fileOf(source.getLocation());
        if (jar == null || !Files.isRegularFile(jar)) {
            return null;
        }
        // Not by ZipFile, whose locks may be those of a thread that was stopped.
        try (ZipInputStream entries = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                byte[] content = entry.isDirectory() ? new byte[0] : entries.readNBytes((int) LARGEST);
                if (content.length >= library.end() - library.start() && Elf.beginsWith(content, library)) {
                    return content;
                }
            }
        }
        return null;
    }

    private static @Nullable Path fileOf(URL location) {
        try {
            return location.getProtocol().equals("file") ? Path.of(location.toURI()) : null;
        } catch (URISyntaxException | IllegalArgumentException noFile) {
            return null;
        }
    }

    /**
     * Has {@code loader} load the library from {@code path} if that has the {@code content}, otherwise from a file that is there
     * meanwhile.
     *
     * @throws IOException if no such file can be written
     */
    static void use(Path path, byte[] content, Loader loader) throws IOException {
        if (hasContent(path, content)) {
            loader.load(path);
            return;
        }
        Path directory = Files.createTempDirectory("ingot-library").toRealPath();
        Path copy = directory.resolve(String.valueOf(path.getFileName()));
        try {
            Files.write(copy, content);
            loader.load(copy);
            CONTENTS.put(copy, content);
            PLACES.put(path, copy);
        } finally {
            Files.deleteIfExists(copy);
            Files.delete(directory);
        }
    }

    /** The file from which this process loaded what the one of the image had loaded from {@code path}. */
    static Path placeOf(Path path) {
        return PLACES.getOrDefault(path, path);
    }

    /** The path without what the kernel adds to it where the file has gone. */
    static String pathOf(MemoryMap map) {
        return isDeleted(map) ? map.path().substring(0, map.path().length() - DELETED.length()) : map.path();
    }

    static boolean isDeleted(MemoryMap map) {
        return map.path().endsWith(DELETED);
    }

    private static boolean hasContent(Path path, byte[] content) throws IOException {
        return Files.isRegularFile(path)
                && Files.size(path) == content.length
                && Arrays.equals(Files.readAllBytes(path), content);
    }
}
