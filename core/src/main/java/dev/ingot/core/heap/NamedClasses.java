package dev.ingot.core.heap;

import dev.ingot.core.jvm.ClassAccess;
import dev.ingot.core.jvm.ClassFileSource;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the program whose initialisers the head of an image says to have run. Nothing else of the image may lead to another class
 * of the program being initialised, or to its static fields being set: what it names can only then be known before anything of it runs.
 *
 * <p>An interface with default methods that such a class implements is initialised by the JVM together with it and is not looked at:
 * that would take reading all interfaces.
 */
final class NamedClasses {
    private final Map<String, Set<String>> byLoader = new HashMap<>();
    private final Map<ClassLoader, String> loaders = new IdentityHashMap<>();
    private final RestoreListener listener;

    NamedClasses(List<InitializedClass> named, RestoreListener listener) {
        this.listener = listener;
        add(named);
        loaders.put(ClassLoader.getPlatformClassLoader(), "platform");
        loaders.put(ClassLoader.getSystemClassLoader(), "app");
    }

    /** Names further classes. */
    void add(List<InitializedClass> named) {
        for (InitializedClass type : named) {
            byLoader.computeIfAbsent(type.loaderKey(), absent -> new HashSet<>())
                    .add(type.name());
        }
    }

    /** Notes which loader has a key, and passes it on. */
    void loaderRestored(String key, ClassLoader loader) {
        loaders.putIfAbsent(loader, key);
        listener.loaderRestored(key, loader);
    }

    /** The loaders that have keys. */
    Map<ClassLoader, String> loaders() {
        return loaders;
    }

    /**
     * Requires that making an object of a class runs no initialiser of the program that did not run in the image's program. Looks at
     * what lies on the class path: other classes are defined by the image or by loaders that it has made.
     */
    void requireInstantiable(Class<?> type) throws NotRestorableException {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each.getClassLoader() == ClassLoader.getSystemClassLoader()
                    && !each.isHidden()
                    && !ClassAccess.isInitialized(each)
                    && !isNamed(each)
                    && !listener.initializesItself(each)
                    && hasInitialiser(each)) {
                throw refused("holds objects of class " + type.getName(), each);
            }
        }
    }

    /** Whether the class has a static initialiser: a constant of its class file is called so then. */
    private static boolean hasInitialiser(Class<?> type) {
        byte[] classFile = ClassFileSource.LOADER.find(type);
        return classFile == null || new String(classFile, StandardCharsets.ISO_8859_1).contains("<clinit>");
    }

    /** Requires that the static fields of a class are those of a class of the program that was initialised. */
    void requireStatics(ImageClass image, Class<?> type) throws NotRestorableException {
        if (!isNamed(type) && !isHiddenInitialized(image) && !isInjected(type)) {
            throw refused("holds static fields of class " + type.getName(), type);
        }
        requireInstantiable(type);
    }

    private static NotRestorableException refused(String what, Class<?> type) {
        return new NotRestorableException("the image " + what + ", but does not name " + type.getName()
                + " among the classes that were initialised; it is damaged or was not written by Ingot");
    }

    private static boolean isHiddenInitialized(ImageClass image) {
        return image.kind == HeapStream.HIDDEN_CLASS && (image.flags & HeapStream.INITIALIZED) != 0;
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    /** Other agents put the same class into a loader of the program in one JVM and before all loaders in another. */
    private boolean isInjected(Class<?> type) {
        return isOfJdk(type)
                && !type.getModule().isNamed()
                && byLoader.values().stream().anyMatch(names -> names.contains(type.getName()));
    }

    private boolean isNamed(Class<?> type) {
        Set<String> names = byLoader.get(key(type.getClassLoader()));
        return names != null && names.contains(type.getName());
    }

    private String key(@Nullable ClassLoader loader) {
        return loader == null ? "boot" : loaders.getOrDefault(loader, "");
    }
}
