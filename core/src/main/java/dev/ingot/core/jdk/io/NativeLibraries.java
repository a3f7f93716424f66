package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries that a program loaded. No image carries their memory, and a program that holds an address in it would crash
 * its JVM; the library itself can be loaded again, from its file or, where that has gone, from its content in the image.
 */
public final class NativeLibraries {
    /** What the names of libraries contain that keep nothing in native memory from one call to the next. */
    private static final List<String> STATELESS = List.of("jansi", "lz4-java", "snappyjava");

    private static final int FIELDS = 3;

    private NativeLibraries() {}

    /**
     * A library loaded by {@code System.load} or {@code System.loadLibrary}.
     *
     * @param path its file, or its name where it is linked into the JVM
     * @param loadedBy the class that loaded it
     */
    record LoadedLibrary(String path, Class<?> loadedBy) {
        boolean isStateless() {
            String file = new File(path).getName();
            return STATELESS.stream().anyMatch(file::contains);
        }
    }

    /**
     * The libraries that classes of the program loaded, as leaf data for {@link #restore}.
     *
     * @param loaders the program's, never the boot loader, whose libraries are the JDK's own
     * @param carried whether what a class loaded is part of the image otherwise, by {@link #captureOf}
     * @param allowed whether libraries may lose what they keep in native memory
     * @throws NotCapturableException if they may not, and one may keep something; or if one could not be loaded again
     */
    public static Object[] capture(Collection<ClassLoader> loaders, Predicate<Class<?>> carried, boolean allowed)
            throws NotCapturableException {
        List<@Nullable Object> parts = new ArrayList<>();
        for (ClassLoader loader : loaders) {
            for (LoadedLibrary library : loadedBy(loader)) {
                if (carried.test(library.loadedBy())) {
                    continue;
                }
                if (!allowed && !library.isStateless()) {
                    throw new NotCapturableException("cannot carry the memory of the native library " + library.path()
                            + ", which " + library.loadedBy().getName()
                            + " has loaded; if the program needs nothing of what the library has made so far,"
                            + " start it with the option native=allow, and the library is loaded anew on a resume");
                }
                add(library, parts);
            }
        }
        return parts.toArray();
    }

    /**
     * The libraries that one class loaded, as leaf data for {@link #restore}.
     *
     * @throws NotCapturableException if one could not be loaded again
     */
    public static Object[] captureOf(Class<?> by) throws NotCapturableException {
        List<@Nullable Object> parts = new ArrayList<>();
        for (LoadedLibrary library : loadedBy(by.getClassLoader())) {
            if (library.loadedBy() == by) {
                add(library, parts);
            }
        }
        return parts.toArray();
    }

    /**
     * The content of a library that was opened otherwise, for {@link #open}; null if its file is there.
     *
     * @param by a class in whose jar it may be
     * @throws NotCapturableException if the file has gone and it could not be opened again
     */
    public static byte @Nullable [] contentIfGone(String path, Class<?> by) throws NotCapturableException {
        Path file = Path.of(path);
        return !file.isAbsolute() || Files.exists(file) ? null : contentOf(new LoadedLibrary(path, by));
    }

    /**
     * Has {@code open} open the library from a file of that content.
     *
     * @return what it returned
     * @throws NotRestorableException if there can be no such file
     */
    public static long open(String path, byte[] content, ToLongFunction<String> open) throws NotRestorableException {
        long[] handle = new long[1];
        try {
            LibraryFile.use(Path.of(path), content, file -> handle[0] = open.applyAsLong(file.toString()));
            return handle[0];
        } catch (IOException failure) {
            throw new NotRestorableException(
                    "cannot open the native library " + path + " again: " + failure.getMessage()
                            + "; leave room for it in the directory of temporary files",
                    failure);
        }
    }

    /** The files of the libraries that classes of these loaders have loaded. */
    public static Set<String> filesOf(Collection<ClassLoader> loaders) {
        Set<String> files = new HashSet<>();
        for (ClassLoader loader : loaders) {
            loadedBy(loader).forEach(library -> files.add(library.path()));
        }
        return files;
    }

    private static void add(LoadedLibrary library, List<@Nullable Object> parts) throws NotCapturableException {
        parts.add(library.path());
        parts.add(library.loadedBy());
        parts.add(contentOf(library));
    }

    /** Null where the library is found by its path alone. */
    private static byte @Nullable [] contentOf(LoadedLibrary library) throws NotCapturableException {
        Path file = Path.of(library.path());
        if (!file.isAbsolute()) {
            return null;
        }
        try {
            return LibraryFile.contentOf(file, library.loadedBy());
        } catch (IOException gone) {
            throw new NotCapturableException(
                    "cannot load the native library " + library.path() + " again on a resume, which "
                            + library.loadedBy().getName() + " has loaded: " + gone.getMessage()
                            + "; leave the file where it is for as long as the program runs",
                    gone);
        }
    }

    /**
     * Loads the libraries again, for the classes that loaded them.
     *
     * @throws NotRestorableException if one is not there any more or does not fit this JVM
     */
    public static void restore(@Nullable Object[] parts) throws NotRestorableException {
        for (int i = 0; i + FIELDS <= parts.length; i += FIELDS) {
            if (parts[i] instanceof String path && parts[i + 1] instanceof Class<?> by) {
                load(path, by, (byte[]) parts[i + 2]);
            }
        }
    }

    private static void load(String path, Class<?> by, byte @Nullable [] content) throws NotRestorableException {
        JdkCall load = JdkCall.of(ClassLoader.class, "loadLibrary", Class.class, File.class);
        try {
            if (content == null) {
                load.call(null, by, new File(path));
            } else {
                LibraryFile.use(Path.of(path), content, file -> load.call(null, by, file.toFile()));
            }
        } catch (IOException | LinkageError failure) {
            throw new NotRestorableException(
                    "cannot load the native library " + path + " again, which " + by.getName() + " had loaded: "
                            + failure.getMessage() + "; put the file back, or resume on the same kind of machine",
                    failure);
        }
    }

    static List<LoadedLibrary> loadedBy(ClassLoader loader) {
        Object holder = Slot.of(ClassLoader.class, "libraries").get(loader);
        List<LoadedLibrary> loaded = new ArrayList<>();
        if (holder != null && Slot.of(holder.getClass(), "libraries").get(holder) instanceof Map<?, ?> libraries) {
            for (Object library : libraries.values()) {
                if (Slot.of(library.getClass(), "fromClass").get(library) instanceof Class<?> by) {
                    loaded.add(new LoadedLibrary(
                            String.valueOf(Slot.of(library.getClass(), "name").get(library)), by));
                }
            }
        }
        return loaded;
    }
}
