package dev.ingot.core.jdk.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.io.File;
import java.util.List;
import java.util.Set;

/** Libraries opened by {@code SymbolLookup.libraryLookup}, by their names. */
final class OpenedLibraryCodec implements ObjectCodec<Object> {
    private static final String TYPE = "jdk.internal.loader.RawNativeLibraries$RawNativeLibraryImpl";
    private static final String HANDLE = "handle";
    /** What every process has anyway; that the C library keeps things is told by the functions that are called. */
    private static final List<String> COMMON = List.of("libc.", "libm.", "libdl.", "libpthread.", "librt.");

    private final boolean mayForget;

    OpenedLibraryCodec(boolean mayForget) {
        this.mayForget = mayForget;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public Object[] capture(Object library) throws NotCapturableException {
        String name = nameOf(library);
        String file = new File(name).getName();
        if (!mayForget && COMMON.stream().noneMatch(file::startsWith)) {
            throw new NotCapturableException("cannot carry the memory of the native library " + name
                    + ", opened by SymbolLookup.libraryLookup; if the program needs nothing of what the library has made so far,"
                    + " start it with the option native=allow, and the library is opened anew on a resume");
        }
        return FieldState.capture(library, Set.of(HANDLE));
    }

    private static String nameOf(Object library) {
        return String.valueOf(Slot.of(library.getClass(), "name").get(library));
    }

    @Override
    public void restore(Object library, Object[] state) throws NotRestorableException {
        FieldState.restore(library, state);
        if (!Boolean.TRUE.equals(HiddenMethod.of(library.getClass(), "open").call(library))) {
            throw new NotRestorableException(
                    "cannot open the native library " + nameOf(library) + " again; resume on a machine that has it");
        }
    }

    @Override
    public int order() {
        return RestoreOrder.MEMORY;
    }
}
