package dev.ingot.agent.weave;

/** Answers which classes extend which, without loading any. */
public interface ClassHierarchy {

    /** The nearest class that both extend, by internal name; {@code java/lang/Object} if either is unknown or an interface. */
    String commonSuperClass(String first, String second);
}
