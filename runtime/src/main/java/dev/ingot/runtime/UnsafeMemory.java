package dev.ingot.runtime;

import java.lang.StackWalker.StackFrame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The native memory that the program has allocated by {@code sun.misc.Unsafe}, whose methods are woven to call these. All that a program
 * keeps of it are addresses, numbers like any other, so an image cannot have it.
 */
public final class UnsafeMemory implements Function<Stream<StackFrame>, @Nullable Class<?>>, Predicate<StackFrame> {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final String RUNTIME_PREFIX = "dev.ingot.runtime.";
    private static final String ENTRY = "sun.misc.Unsafe";
    /** Its memory is carried: its objects know what lies there. */
    private static final String CARRIED = "com.kenai.jffi.";

    /** Who has allocated what lies at an address. */
    private static final Map<Long, Class<?>> BLOCKS = new ConcurrentHashMap<>();

    private UnsafeMemory() {}

    /** As the method of {@code Unsafe}. */
    public static long allocateMemory(Unsafe unsafe, long bytes) {
        long address = UNSAFE.allocateMemory(bytes);
        note(address);
        return address;
    }

    /** As the method of {@code Unsafe}. */
    public static long reallocateMemory(Unsafe unsafe, long address, long bytes) {
        // Another thread may be given what is freed here before it could be forgotten.
        Class<?> by = BLOCKS.remove(address);
        long moved = UNSAFE.reallocateMemory(address, bytes);
        if (by == null) {
            note(moved);
        } else if (moved != 0) {
            BLOCKS.put(moved, by);
        }
        return moved;
    }

    /** As the method of {@code Unsafe}. */
    public static void freeMemory(Unsafe unsafe, long address) {
        BLOCKS.remove(address);
        UNSAFE.freeMemory(address);
    }

    /** How many blocks the program has. */
    public static int blocks() {
        return BLOCKS.size();
    }

    /** The class that has allocated one of them, or null if there are none. */
    public static @Nullable Class<?> owner() {
        for (Class<?> by : BLOCKS.values()) {
            return by;
        }
        return null;
    }

    private static void note(long address) {
        Class<?> by = address == 0 ? null : WALKER.walk(new UnsafeMemory());
        if (by != null && !by.getName().startsWith(CARRIED)) {
            BLOCKS.put(address, by);
        }
    }

    @Override
    public @Nullable Class<?> apply(Stream<StackFrame> stack) {
        StackFrame caller = stack.dropWhile(this).findFirst().orElse(null);
        return caller == null ? null : caller.getDeclaringClass();
    }

    /** Whether the frame is on the way here from the caller. */
    @Override
    public boolean test(StackFrame frame) {
        String owner = frame.getClassName();
        return owner.startsWith(RUNTIME_PREFIX) || owner.equals(ENTRY);
    }
}
