package dev.ingot.runtime;

import java.security.ProtectionDomain;
import jdk.internal.access.JavaLangAccess;
import org.jspecify.annotations.Nullable;

/**
 * Sees every hidden class before it is defined: the JVM shows these to no transformer. The JDK's own definer is woven to call
 * {@link #define} in place of the JVM.
 */
public final class HiddenClasses {
    private static final int HIDDEN = 2;

    private static volatile @Nullable Listener listener;

    private HiddenClasses() {}

    /** Weaves and remembers hidden classes. Called by any thread that defines one; must not throw. */
    public interface Listener {

        /** The class file to define in place of {@code classFile}, or {@code null} for no change. */
        byte @Nullable [] weave(Class<?> host, String name, byte[] classFile);

        /** The class was defined; {@code classFile} is the one its maker gave. */
        void defined(Class<?> type, Class<?> host, byte[] classFile, int flags, @Nullable Object classData);
    }

    public static void listener(Listener installed) {
        listener = installed;
    }

    /** In place of {@link JavaLangAccess#defineClass}. */
    public static Class<?> define(
            JavaLangAccess access,
            @Nullable ClassLoader loader,
            Class<?> host,
            String name,
            byte[] classFile,
            @Nullable ProtectionDomain domain,
            boolean initialize,
            int flags,
            @Nullable Object classData) {
        Listener present = listener;
        if (present == null || (flags & HIDDEN) == 0) {
            return access.defineClass(loader, host, name, classFile, domain, initialize, flags, classData);
        }
        byte[] woven = present.weave(host, name, classFile);
        Class<?> type = access.defineClass(
                loader, host, name, woven == null ? classFile : woven, domain, initialize, flags, classData);
        present.defined(type, host, classFile, flags, classData);
        return type;
    }
}
