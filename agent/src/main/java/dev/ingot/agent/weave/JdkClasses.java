package dev.ingot.agent.weave;

/** Tells which classes of the JDK are woven. */
public final class JdkClasses {
    /** Defines hidden classes. */
    private static final String DEFINER = "java/lang/invoke/MethodHandles$Lookup$ClassDefiner";
    /** Finds lambdas in the JVM's shared archive, past the definer. */
    static final String ARCHIVE = "java/lang/invoke/LambdaProxyClassArchive";
    /** Generates proxy classes. */
    static final String PROXIES = "java/lang/reflect/ProxyGenerator";
    /** Forgets what it allocates. */
    static final String GLOBAL_MEMORY = "jdk/internal/foreign/GlobalSession";
    /** Keeps the forms of calls of native functions. */
    static final String NATIVE_CALLS = "jdk/internal/foreign/abi/SoftReferenceCache$Node";

    /** Whose {@code loadClass} class loaders inherit; woven by {@link LoaderEntry} where classes of an image are defined in some. */
    public static final String LOADER = "java/lang/ClassLoader";

    private JdkClasses() {}

    /** Whether some method of the class, named {@code a/b/C}, is listed for weaving. */
    public static boolean mayWeave(String internalName) {
        return JdkMethods.mayWeave(internalName);
    }

    /** Whether the class is one that hidden classes or proxies come from, woven by {@link DefinerWeaver}. */
    public static boolean makesClasses(String internalName) {
        return internalName.equals(DEFINER) || internalName.equals(ARCHIVE) || internalName.equals(PROXIES);
    }

    /** Whether the class forgets what an image needs of {@code java.lang.foreign}, and is woven by {@link ForeignWeaver}. */
    public static boolean forgets(String internalName) {
        return internalName.equals(GLOBAL_MEMORY) || internalName.equals(NATIVE_CALLS);
    }

    /** Whether the class is woven whole, like one of the program. */
    public static boolean isProgramLike(String internalName) {
        return JdkMethods.isProgramLike(internalName);
    }
}
