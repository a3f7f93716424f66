package dev.ingot.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Answers in place of class loaders of the program, whose woven {@code loadClass} asks here first: for classes of this package, which loaders that
 * do not ask the boot loader cannot find, and while the loaders are restored.
 *
 * <p>Costs a read of a static field and a look at the beginning of the name otherwise. Thread-safe.
 */
public final class LoaderAnswers {
    private static final String RUNTIME = "dev.ingot.runtime.";

    private static volatile @Nullable Source source;

    private LoaderAnswers() {}

    /** Knows classes of loaders that are being restored. Called by any thread that loads a class; must not throw. */
    public interface Source {

        /** The class that {@code loader} found by this name, or {@code null} if the loader is to be asked. */
        @Nullable Class<?> find(ClassLoader loader, String name);
    }

    /** Answers from {@code answering} from now on; {@code null} to ask the loaders again. */
    public static void answerFrom(@Nullable Source answering) {
        source = answering;
    }

    /** Called by woven code, in any class that has such a method. */
    public static @Nullable Class<?> find(@Nullable Object asked, @Nullable String name) {
        if (name == null || !(asked instanceof ClassLoader loader)) {
            return null;
        }
        if (name.startsWith(RUNTIME)) {
            return ofRuntime(name);
        }
        Source present = source;
        return present == null ? null : present.find(loader, name);
    }

    private static @Nullable Class<?> ofRuntime(String name) {
        try {
            return Class.forName(name, false, LoaderAnswers.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            // The program asks for a class that is not there, and is told so by its loader.
            return null;
        }
    }
}
