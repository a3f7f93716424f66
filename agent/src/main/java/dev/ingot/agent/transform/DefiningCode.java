package dev.ingot.agent.transform;

import java.lang.StackWalker.StackFrame;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Tells, in a class file transformer, whether the loader of a class defines it by itself or somebody else defines it in the loader:
 * {@code Lookup.defineClass}, as generators of code use it, or a reflected call. Such a class looks like one of the class path,
 * as it has the protection domain of a neighbour, but no other JVM finds it there.
 *
 * <p>Spelled out: the first lambda of a JVM costs a start many times what a class does.
 */
final class DefiningCode implements Consumer<StackFrame>, Function<Stream<StackFrame>, Boolean> {
    private static final StackWalker WALKER = StackWalker.getInstance();

    private final ClassLoader loader;
    private boolean inTransformers = true;
    private boolean decided;
    private boolean isLoader;

    private DefiningCode(ClassLoader loader) {
        this.loader = loader;
    }

    /** Whether the current thread is in a transformer for a class that {@code loader} defines by itself. */
    static boolean isOf(ClassLoader loader) {
        return WALKER.walk(new DefiningCode(loader));
    }

    @Override
    public Boolean apply(Stream<StackFrame> frames) {
        Spliterator<StackFrame> each = frames.spliterator();
        while (!decided && each.tryAdvance(this)) {
            // accept() has looked at a frame.
        }
        return isLoader;
    }

    @Override
    public void accept(StackFrame frame) {
        String name = frame.getClassName();
        if (inTransformers && isOfTransformers(name)) {
            return;
        }
        if (name.equals("java.lang.ClassLoader") || name.equals("java.security.SecureClassLoader")) {
            inTransformers = false;
            return;
        }
        isLoader = !inTransformers && isClassOfLoader(name);
        decided = true;
    }

    private static boolean isOfTransformers(String name) {
        return name.startsWith("dev.ingot.")
                || name.startsWith("sun.instrument.")
                || name.startsWith("java.lang.instrument.");
    }

    private boolean isClassOfLoader(String name) {
        for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
