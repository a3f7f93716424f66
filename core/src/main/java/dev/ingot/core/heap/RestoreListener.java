package dev.ingot.core.heap;

/** Is told about class loaders and classes while a heap is restored. */
public interface RestoreListener {
    /** Does nothing. */
    RestoreListener NONE = new RestoreListener() {};

    /** A class loader of the program stands again; no class is defined in it yet and its fields are not set yet. */
    default void loaderRestored(String key, ClassLoader loader) {}

    /**
     * Classes are about to be defined in class loaders of the program, which the JVM will ask for others although not every object they use is
     * complete yet. From here on {@link dev.ingot.runtime.LoaderAnswers} answers for them, where code is woven to ask it.
     */
    default void definingClasses() {}

    /** Whether a class that the image does not name as initialised may be initialised all the same: one that is not the program's. */
    default boolean initializesItself(Class<?> type) {
        return false;
    }

    /**
     * Whether the static fields of {@code type} are to be set once everything else is restored, and no class of the image is loaded any more: its
     * code is at work meanwhile, such as another agent's that changes classes as they are loaded.
     */
    default boolean worksMeanwhile(Class<?> type) {
        return false;
    }

    /**
     * Whether no program has run in this JVM yet, so that classes may get the identity hash codes of the image in place of what they have: no
     * table of anybody's but the JDK's then depends on these.
     */
    default boolean mayReplaceHashes() {
        return false;
    }

    /**
     * Runs {@code task}, which gives classes the identity hash codes of the image, while no other thread runs that could make a {@link
     * java.lang.invoke.MethodType}: such a type is found by these hash codes, and made a second time where they change just then.
     */
    default void alone(Runnable task) {
        task.run();
    }

    /**
     * What to define as a hidden class instead of {@code recorded}; no agent is offered such classes.
     *
     * @param initialized whether its static initialiser has run, which must not run again
     */
    default byte[] hiddenClass(String name, byte[] recorded, boolean initialized) {
        return recorded;
    }
}
