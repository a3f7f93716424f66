package dev.ingot.agent.weave;

/** Tells which classes of the JDK are woven. */
public final class JdkClasses {
    private JdkClasses() {}

    /** Whether some method of the class, named {@code a/b/C}, is listed for weaving. */
    public static boolean mayWeave(String internalName) {
        return JdkMethods.mayWeave(internalName);
    }

    /** Whether the class is woven whole, like one of the program. */
    public static boolean isProgramLike(String internalName) {
        return JdkMethods.isProgramLike(internalName);
    }
}
