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

    /** Turns changes of directories into events. */
    static final String WATCHER = "sun/nio/fs/LinuxWatchService$Poller";
    /** Whose {@code loadClass} class loaders inherit; woven by {@link LoaderEntry} where classes of an image are defined in some. */
    public static final String LOADER = "java/lang/ClassLoader";

    private JdkClasses() {}

    /** Whether some method of the class, named {@code a/b/C}, is listed for weaving. */
    public static boolean mayWeave(String internalName) {
        return JdkMethods.mayWeave(internalName);
    }

    /**
     * Whether the class is woven in a way of its own, by {@link #weaveSpecially}: those that hidden classes and proxies come from, those that
     * forget what an image needs of {@code java.lang.foreign}, and what watches directories.
     */
    public static boolean isSpecial(String internalName) {
        return switch (internalName) {
            case DEFINER, ARCHIVE, PROXIES, GLOBAL_MEMORY, NATIVE_CALLS, WATCHER -> true;
            default -> false;
        };
    }

    /** Weaves a {@linkplain #isSpecial special} class, or {@link #LOADER}. */
    public static byte[] weaveSpecially(String internalName, byte[] classFile) {
        return switch (internalName) {
            case LOADER -> LoaderEntry.weave(classFile);
            case GLOBAL_MEMORY, NATIVE_CALLS -> ForeignWeaver.weave(classFile);
            case WATCHER -> WatcherWeaver.weave(classFile);
            default -> DefinerWeaver.weave(classFile);
        };
    }

    /** Whether the class is woven whole, like one of the program. */
    public static boolean isProgramLike(String internalName) {
        return JdkMethods.isProgramLike(internalName);
    }
}
