package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Libraries opened by jffi, by name; null is the name of the process itself. */
final class JffiLibraryCodec implements ObjectCodec<Object> {
    /** How jnr-ffi opens libraries: symbols are bound when they are called, and seen by libraries opened later. */
    private static final int LAZY_GLOBAL = 0x9;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.kenai.jffi.Library");
    }

    @Override
    public Object[] capture(Object library) {
        return new Object[] {
            FieldState.capture(library, Set.of("handle")),
            Slot.of(library.getClass(), "handle").getLong(library) != 0
        };
    }

    @Override
    public void restore(Object library, @Nullable Object[] state) throws NotRestorableException {
        FieldState.restore(library, Objects.requireNonNull(state[0]));
        if (Boolean.TRUE.equals(state[1])) {
            Slot.of(library.getClass(), "handle").put(library, open(library));
        }
    }

    private static long open(Object library) throws NotRestorableException {
        String name = Slot.of(library.getClass(), "name").get(library, String.class);
        Object foreign =
                Objects.requireNonNull(Slot.of(library.getClass(), "foreign").get(library));
        long handle = 0;
        String reason = "";
        try {
            handle =
                    (Long) Objects.requireNonNull(HiddenMethod.of(foreign.getClass(), "dlopen", String.class, int.class)
                            .call(null, name, LAZY_GLOBAL));
        } catch (UnsatisfiedLinkError failure) {
            reason = ": " + failure.getMessage();
        }
        if (handle == 0) {
            throw new NotRestorableException(
                    "cannot open the native library " + name + " again" + reason + "; resume on a machine that has it");
        }
        return handle;
    }

    @Override
    public int order() {
        return RestoreOrder.LIBRARY;
    }
}
