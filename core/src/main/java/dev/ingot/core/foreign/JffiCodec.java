package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.NativeLibraries;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one object by which jffi calls its native part; brings that part along, which keeps nothing but what its objects know. */
final class JffiCodec implements ObjectCodec<Object> {
    /** The class that loads the native part. */
    static final String LOADER = "com.kenai.jffi.internal.StubLoader";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.kenai.jffi.Foreign");
    }

    @Override
    public Object[] capture(Object foreign) throws NotCapturableException {
        return new Object[] {
            FieldState.capture(foreign, Set.of()), NativeLibraries.captureOf(loaderOf(foreign.getClass()))
        };
    }

    @Override
    public void restore(Object foreign, Object[] state) throws NotRestorableException {
        FieldState.restore(foreign, state[0]);
        NativeLibraries.restore((@Nullable Object[]) state[1]);
        HiddenMethod.of(foreign.getClass(), "init").call(foreign);
    }

    @Override
    public int order() {
        return RestoreOrder.NATIVE_PART;
    }

    private static Class<?> loaderOf(Class<?> foreign) throws NotCapturableException {
        try {
            return Class.forName(LOADER, false, foreign.getClassLoader());
        } catch (ClassNotFoundException unknown) {
            throw new NotCapturableException(
                    "cannot carry jffi: this version of it has no class " + LOADER + "; use jffi 1.2.16 or newer",
                    unknown);
        }
    }
}
