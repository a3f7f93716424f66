package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.io.FieldState;
import dev.ingot.core.jdk.io.NativeLibraries;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JNA's native part, which keeps nothing but what JNA's objects know and the classes that it has looked up. It hangs on an object that every program which uses JNA has exactly once: the handler of what callbacks throw,
 * which the class makes that loads the native part.
 */
final class JnaCodec implements ObjectCodec<Object> {
    /** The class that loads the native part, and has all native methods. */
    static final String NATIVE = "com.sun.jna.Native";

    private static final String HANDLER = "com.sun.jna.Callback$UncaughtExceptionHandler";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().startsWith(NATIVE + '$') && JdkClass.isImplementation(type, HANDLER);
    }

    @Override
    public Object[] capture(Object handler) throws NotCapturableException {
        return new Object[] {
            FieldState.capture(handler, Set.of()), NativeLibraries.captureOf(natives(handler.getClass()))
        };
    }

    @Override
    public void restore(Object handler, Object[] state) throws NotRestorableException {
        FieldState.restore(handler, state[0]);
        NativeLibraries.restore((@Nullable Object[]) state[1]);
        HiddenMethod.of(natives(handler.getClass()), "initIDs").call(null);
    }

    @Override
    public int order() {
        return RestoreOrder.NATIVE_PART;
    }

    /** The class with the native methods that {@code type} of JNA calls. */
    static Class<?> natives(Class<?> type) {
        try {
            return Class.forName(NATIVE, false, type.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException("cannot find " + NATIVE + " beside " + type.getName(), missing);
        }
    }
}
