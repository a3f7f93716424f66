package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The native libraries that a program loaded. No image carries their memory, and a program that holds an address in it would crash
 * its JVM; the library itself can be loaded again.
 */
public final class NativeLibraries {
    /** What the names of libraries contain that keep nothing in native memory from one call to the next. */
    private static final List<String> STATELESS = List.of("jansi", "lz4-java", "snappyjava");

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
     * @param allowed whether libraries may lose what they keep in native memory
     * @throws NotCapturableException if they may not, and one may keep something
     */
    public static Object[] capture(Collection<ClassLoader> loaders, boolean allowed) throws NotCapturableException {
        List<Object> pairs = new ArrayList<>();
        for (ClassLoader loader : loaders) {
            for (LoadedLibrary library : loadedBy(loader)) {
                if (!allowed && !library.isStateless()) {
                    throw new NotCapturableException("cannot carry the memory of the native library " + library.path()
                            + ", which " + library.loadedBy().getName()
                            + " has loaded; if the program needs nothing of what the library has made so far,"
                            + " start it with the option native=allow, and the library is loaded anew on a resume");
                }
                pairs.add(library.path());
                pairs.add(library.loadedBy());
            }
        }
        return pairs.toArray();
    }

    /**
     * Loads the libraries again, for the classes that loaded them.
     *
     * @throws NotRestorableException if one is not there any more or does not fit this JVM
     */
    public static void restore(Object[] pairs) throws NotRestorableException {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            load((String) pairs[i], (Class<?>) pairs[i + 1]);
        }
    }

    private static void load(String path, Class<?> by) throws NotRestorableException {
        try {
            JdkCall.of(ClassLoader.class, "loadLibrary", Class.class, File.class)
                    .call(null, by, new File(path));
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
