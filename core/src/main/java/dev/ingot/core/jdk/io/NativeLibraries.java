package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The native libraries that a program loaded, whose memory and state no image can carry. */
public final class NativeLibraries {
    private NativeLibraries() {}

    /**
     * A library loaded by {@code System.load} or {@code System.loadLibrary}.
     *
     * @param path its file, or its name where it is linked into the JVM
     * @param loadedBy the class that loaded it
     */
    public record LoadedLibrary(String path, String loadedBy) {}

    /**
     * The libraries that classes of {@code loader} loaded.
     *
     * @param loader a loader of the program's, never the boot loader, whose libraries are the JDK's own
     */
    public static List<LoadedLibrary> loadedBy(ClassLoader loader) {
        Object holder = Slot.of(ClassLoader.class, "libraries").get(loader);
        List<LoadedLibrary> loaded = new ArrayList<>();
        if (holder != null && Slot.of(holder.getClass(), "libraries").get(holder) instanceof Map<?, ?> libraries) {
            for (Object library : libraries.values()) {
                loaded.add(describe(library));
            }
        }
        return loaded;
    }

    private static LoadedLibrary describe(Object library) {
        Object by = Slot.of(library.getClass(), "fromClass").get(library);
        return new LoadedLibrary(
                String.valueOf(Slot.of(library.getClass(), "name").get(library)),
                by instanceof Class<?> type ? type.getName() : "an unknown class");
    }
}
