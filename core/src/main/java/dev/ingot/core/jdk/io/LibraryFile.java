package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
     * @throws IOException if the file has gone, and this process may not read what the kernel keeps of it
     */
    static byte @Nullable [] contentOf(Path path) throws IOException {
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
            throw new IOException("its file was deleted or replaced after it was loaded", refused);
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
