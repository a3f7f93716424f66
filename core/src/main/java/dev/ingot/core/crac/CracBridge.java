package dev.ingot.core.crac;

import java.io.IOException;
import jdk.internal.misc.Unsafe;

/**
 * Defines the package {@code jdk.crac} in the boot class loader once a program needs it, unless the JVM brings its own.
 *
 * <p>{@code org.crac.Core} looks for an implementation once, in its static initialiser, and asks its own class loader. Only
 * the boot loader is seen by all of them; and the classes must be there before that initialiser runs, which is why the time
 * to plant is the moment the first class named by {@link #isNeededBy} is loaded. A resume plants before it reads an image
 * whose program had them.
 *
 * <p>Ingot's runtime must be in the boot loader already, and {@code jdk.internal.misc} be open to this class. Thread-safe.
 */
public final class CracBridge {
    private static final String CORE = "jdk.crac.Core";
    private static final String OURS = "jdk.crac.GlobalContext";

    /** Each after its supertypes, which the boot loader could not find by itself. */
    private static final String[] CLASSES = {
        "jdk/crac/CheckpointException",
        "jdk/crac/RestoreException",
        "jdk/crac/Resource",
        "jdk/crac/Context",
        "jdk/crac/GlobalContext",
        "jdk/crac/Core",
    };

    private final ClassFiles files;

    /** @param files where the classes of {@code jdk.crac} are kept until they are needed */
    public CracBridge(ClassFiles files) {
        this.files = files;
    }

    /** Whether a class that is being loaded is about to look for {@code jdk.crac}; the name has slashes. */
    public static boolean isNeededBy(String className) {
        return className.equals("org/crac/Core") || className.equals("org/crac/impl/Proxy");
    }

    /**
     * Defines the package; does nothing the second time, or where the JVM has one.
     *
     * @return whether Ingot's {@code jdk.crac} is in this JVM
     * @throws IOException if the class files cannot be read
     */
    public synchronized boolean plant() throws IOException {
        if (!isInBootLoader(CORE)) {
            defineAll();
        }
        return isPlanted();
    }

    /** Whether Ingot's {@code jdk.crac} is in this JVM; an image of the program then needs it. */
    public static boolean isPlanted() {
        return isInBootLoader(OURS);
    }

    private void defineAll() throws IOException {
        Unsafe unsafe = Unsafe.getUnsafe();
        for (String name : CLASSES) {
            byte[] bytes = files.read(name);
            unsafe.defineClass(name, bytes, 0, bytes.length, null, null);
        }
    }

    private static boolean isInBootLoader(String className) {
        try {
            Class.forName(className, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
