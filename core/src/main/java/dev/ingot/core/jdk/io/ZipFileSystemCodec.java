package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Zip files mounted as file systems: their objects as they are, and known to the provider again. */
final class ZipFileSystemCodec implements ObjectCodec<FileSystem> {
    private static final String LOOKUP = "entryLookup";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("jdk.nio.zipfs.ZipFileSystem");
    }

    @Override
    public int order() {
        return RestoreOrder.USER;
    }

    @Override
    public Object[] capture(FileSystem system) {
        boolean plain = isPlainLookup(Slot.of(system.getClass(), LOOKUP).get(system));
        return FieldState.capture(system, plain ? Set.of(LOOKUP) : Set.of());
    }

    /** Entries of a file that is not multi-release are looked up as they are, by a function that every JVM has. */
    private static boolean isPlainLookup(@Nullable Object lookup) {
        return lookup != null && lookup.getClass().getName().startsWith(Function.class.getName() + "$$Lambda");
    }

    @Override
    @SuppressWarnings("unchecked")
    public void restore(FileSystem system, Object[] state) throws NotRestorableException {
        FieldState.restore(system, state);
        Slot lookup = Slot.of(system.getClass(), LOOKUP);
        if (lookup.get(system) == null) {
            lookup.put(system, Function.<byte[]>identity());
        }
        if (!system.isOpen()) {
            return;
        }
        Path file = (Path) Slot.of(system.getClass(), "zfpath").get(system);
        Object provider = Slot.of(system.getClass(), "provider").get(system);
        if (file == null || provider == null) {
            throw new NotRestorableException("cannot mount a zip file again: the image does not name it");
        }
        if (file.getFileSystem() != FileSystems.getDefault()) {
            // One within another, which may not be filled yet. It was opened by its path: URIs do not name such.
            return;
        }
        Object mounted = Slot.of(provider.getClass(), "filesystems").get(provider);
        try {
            if (mounted instanceof Map<?, ?> map) {
                ((Map<Path, FileSystem>) map).putIfAbsent(file.toRealPath(), system);
            }
        } catch (IOException e) {
            throw new NotRestorableException("cannot mount zip file " + file + " again: " + e.getMessage(), e);
        }
    }
}
