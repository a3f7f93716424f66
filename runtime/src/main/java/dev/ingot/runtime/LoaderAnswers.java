package dev.ingot.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Answers the JVM in place of class loaders of the program while these are restored. Where the JVM asks one for a class, which it does by
 * {@code loadClass(String)}, woven code asks here first.
 *
 * <p>Costs a read of a static field otherwise. Thread-safe.
 */
public final class LoaderAnswers {
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
        Source present = source;
        return present != null && asked instanceof ClassLoader loader && name != null
                ? present.find(loader, name)
                : null;
    }
}
