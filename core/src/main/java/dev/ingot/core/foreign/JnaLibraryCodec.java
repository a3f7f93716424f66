package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.NativeLibraries;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Libraries opened by JNA, by path; null is the path of the process itself. */
final class JnaLibraryCodec implements ObjectCodec<Object> {
    static final String HANDLE = "handle";
    private static final String PATH = "libraryPath";
    /** What JNA opens a library with where the program does not say. */
    private static final int USUAL_FLAGS = -1;

    private static final int FIELDS = 0;
    private static final int OPEN = 1;
    private static final int DISPOSER = 2;
    private static final int CONTENT = 3;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.sun.jna.NativeLibrary");
    }

    @Override
    public @Nullable Object[] capture(Object library) throws NotCapturableException {
        boolean isOpen = Slot.of(library.getClass(), HANDLE).getLong(library) != 0;
        String path = pathOf(library);
        return new @Nullable Object[] {
            FieldState.capture(library, Set.of(HANDLE)),
            isOpen,
            JnaDisposerCodec.disposerOf(library),
            isOpen && path != null ? NativeLibraries.contentIfGone(path, library.getClass()) : null
        };
    }

    @Override
    public void restore(Object library, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(library, Objects.requireNonNull(state[FIELDS]));
        if (Boolean.TRUE.equals(state[OPEN])) {
            String path = pathOf(library);
            long handle = path != null && state[CONTENT] instanceof byte[] content
                    ? NativeLibraries.open(path, content, file -> openFrom(library, file))
                    : openInPlace(library, path);
            Slot.of(library.getClass(), HANDLE).put(library, handle);
            JnaDisposerCodec.entrust(state[DISPOSER], HANDLE, handle);
        }
    }

    private static @Nullable String pathOf(Object library) {
        return Slot.of(library.getClass(), PATH).get(library, String.class);
    }

    /** From then on the library is known by that file, by which the next image tells where functions lie. */
    private static long openFrom(Object library, String file) {
        Slot.of(library.getClass(), PATH).put(library, file);
        return open(library, file);
    }

    private static long openInPlace(Object library, @Nullable String path) throws NotRestorableException {
        try {
            return open(library, path);
        } catch (UnsatisfiedLinkError failure) {
            throw new NotRestorableException(
                    "cannot open the native library " + path + " again: " + failure.getMessage()
                            + "; resume on a machine that has it",
                    failure);
        }
    }

    private static long open(Object library, @Nullable String file) {
        Object options = Slot.of(library.getClass(), "options").get(library);
        Object flags = options instanceof Map<?, ?> map ? map.get("open-flags") : null;
        Object handle = HiddenMethod.of(JnaCodec.natives(library.getClass()), "open", String.class, int.class)
                .call(null, file, flags instanceof Number number ? number.intValue() : USUAL_FLAGS);
        return (Long) Objects.requireNonNull(handle);
    }

    @Override
    public int order() {
        return RestoreOrder.LIBRARY;
    }
}
