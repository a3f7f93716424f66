package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Libraries opened by JNA, by path; null is the path of the process itself. */
final class JnaLibraryCodec implements ObjectCodec<Object> {
    static final String HANDLE = "handle";
    /** What JNA opens a library with where the program does not say. */
    private static final int USUAL_FLAGS = -1;

    private static final int FIELDS = 0;
    private static final int OPEN = 1;
    private static final int DISPOSER = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.sun.jna.NativeLibrary");
    }

    @Override
    public @Nullable Object[] capture(Object library) {
        return new @Nullable Object[] {
            FieldState.capture(library, Set.of(HANDLE)),
            Slot.of(library.getClass(), HANDLE).getLong(library) != 0,
            JnaDisposerCodec.disposerOf(library)
        };
    }

    @Override
    public void restore(Object library, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(library, Objects.requireNonNull(state[FIELDS]));
        if (Boolean.TRUE.equals(state[OPEN])) {
            long handle = open(library);
            Slot.of(library.getClass(), HANDLE).put(library, handle);
            JnaDisposerCodec.entrust(state[DISPOSER], HANDLE, handle);
        }
    }

    private static long open(Object library) throws NotRestorableException {
        Class<?> type = library.getClass();
        String path = Slot.of(type, "libraryPath").get(library, String.class);
        Object options = Slot.of(type, "options").get(library);
        Object flags = options instanceof Map<?, ?> map ? map.get("open-flags") : null;
        try {
            Object handle = HiddenMethod.of(JnaCodec.natives(type), "open", String.class, int.class)
                    .call(null, path, flags instanceof Number number ? number.intValue() : USUAL_FLAGS);
            return (Long) Objects.requireNonNull(handle);
        } catch (UnsatisfiedLinkError failure) {
            throw new NotRestorableException(
                    "cannot open the native library " + path + " again: " + failure.getMessage()
                            + "; resume on a machine that has it",
                    failure);
        }
    }

    @Override
    public int order() {
        return RestoreOrder.LIBRARY;
    }
}
