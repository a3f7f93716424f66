package dev.ingot.agent.weave;

/** Answers which classes extend which, without loading any. */
public interface ClassHierarchy {

    /** The nearest class that both extend, by internal name; {@code java/lang/Object} if either is unknown or an interface. */
    String commonSuperClass(String first, String second);

    /** Whether a class is known to be an interface. */
    default boolean isInterface(String name) {
        return false;
    }

    /** Whether an answer was {@code java/lang/Object} only because a class is not known. */
    default boolean hasGuessed() {
        return false;
    }
}
