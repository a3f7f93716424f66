package dev.ingot.accelerator.cuda;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A native library by {@code java.lang.foreign}, which is named by reflection alone, because this is compiled for a JDK without it. All
 * functions return an int and take ints and longs; a pointer is a long, which the C calling conventions of 64-bit systems pass alike.
 * Used by one thread at a time.
 */
final class ForeignLibrary {
    /** The first JDK that has the interface for good. */
    static final int JDK = 22;

    private static final String PACKAGE = "java.lang.foreign.";

    private final String name;
    private final Object linker;
    private final Object symbols;
    private final Map<String, MethodHandle> functions = new HashMap<>();

    private ForeignLibrary(String name, Object linker, Object symbols) {
        this.name = name;
        this.linker = linker;
        this.symbols = symbols;
    }

    static boolean isPossible() {
        return Runtime.version().feature() >= JDK;
    }

    /**
     * Loads a library.
     *
     * @param name a path, or what the system's loader finds it by
     * @throws UnsatisfiedLinkError if it is not there
     */
    static ForeignLibrary load(String name) {
        Class<?> arena = type("Arena");
        Object linker = invoke(type("Linker"), "nativeLinker", null, new Class<?>[0]);
        Object everywhere = invoke(arena, "global", null, new Class<?>[0]);
        try {
            Object symbols = invoke(
                    type("SymbolLookup"),
                    "libraryLookup",
                    null,
                    new Class<?>[] {String.class, arena},
                    name,
                    everywhere);
            return new ForeignLibrary(name, linker, symbols);
        } catch (IllegalArgumentException missing) {
            UnsatisfiedLinkError error = new UnsatisfiedLinkError(missing.getMessage());
            error.initCause(missing);
            throw error;
        }
    }

    /** Where the content of a direct buffer lies; valid as long as the buffer is reachable. */
    static long address(ByteBuffer direct) {
        Object segment = invoke(type("MemorySegment"), "ofBuffer", null, new Class<?>[] {Buffer.class}, direct);
        return (long) invoke(type("MemorySegment"), "address", segment, new Class<?>[0]);
    }

    /**
     * Calls a function.
     *
     * @param arguments {@code Integer} or {@code Long} each, always the same for a function
     * @throws UnsatisfiedLinkError if the library does not have it
     */
    int call(String function, Object... arguments) {
        MethodHandle handle = functions.computeIfAbsent(function, name -> handle(name, arguments));
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new IllegalStateException("cannot call " + function, impossible);
        }
    }

    /** Whether the library has a function. */
    boolean has(String function) {
        return find(function).isPresent();
    }

    private Optional<?> find(String function) {
        return (Optional<?>) invoke(type("SymbolLookup"), "find", symbols, new Class<?>[] {String.class}, function);
    }

    private MethodHandle handle(String function, Object[] arguments) {
        Object symbol =
                find(function).orElseThrow(() -> new UnsatisfiedLinkError(name + " has no function " + function));
        Class<?> layout = type("MemoryLayout");
        Object layouts = Array.newInstance(layout, arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            Array.set(layouts, i, layout(arguments[i] instanceof Integer ? "JAVA_INT" : "JAVA_LONG"));
        }
        Object descriptor = invoke(
                type("FunctionDescriptor"),
                "of",
                null,
                new Class<?>[] {layout, layouts.getClass()},
                layout("JAVA_INT"),
                layouts);
        Object options = Array.newInstance(type("Linker$Option"), 0);
        return (MethodHandle) invoke(
                type("Linker"),
                "downcallHandle",
                linker,
                new Class<?>[] {type("MemorySegment"), type("FunctionDescriptor"), options.getClass()},
                symbol,
                descriptor,
                options);
    }

    private static Object layout(String constant) {
        try {
            return type("ValueLayout").getField(constant).get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is another one than expected", e);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(PACKAGE + name);
        } catch (ClassNotFoundException e) {
            throw new LinkageError("a JDK " + JDK + " is needed for java.lang.foreign", e);
        }
    }

    private static Object invoke(
            Class<?> type, String method, @Nullable Object target, Class<?>[] types, Object... arguments) {
        try {
            return type.getMethod(method, types).invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new LinkageError("java.lang.foreign failed in " + method, thrown);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("java.lang.foreign is another one than expected", e);
        }
    }
}
