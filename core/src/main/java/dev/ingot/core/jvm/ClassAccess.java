package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import dev.ingot.runtime.HiddenClasses;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.reflect.ConstantPool;
import org.jspecify.annotations.Nullable;

/** What the JVM knows of a class beyond reflection, and definition of classes from bytes. */
public final class ClassAccess {
    private static final JavaLangAccess JAVA_LANG = SharedSecrets.getJavaLangAccess();
    private static final long CLASS_DATA = DeclaredFields.offset(Class.class, "classData");
    private static final long ENUM_CONSTANTS = DeclaredFields.offset(Class.class, "enumConstants");
    private static final long ENUM_DIRECTORY = DeclaredFields.offset(Class.class, "enumConstantDirectory");

    /** As of the JDK's {@code MethodHandleNatives.Constants}. */
    private static final int NESTMATE = 1;

    private static final int HIDDEN = 2;
    private static final int STRONG = 4;
    private static final int ACCESS_VM_ANNOTATIONS = 8;

    private ClassAccess() {}

    /** Whether the static initialiser of {@code type} has completed. */
    public static boolean isInitialized(Class<?> type) {
        return !UNSAFE.shouldBeInitialized(type);
    }

    /** Runs the static initialiser of {@code type} unless it has run. */
    public static void initialize(Class<?> type) {
        UNSAFE.ensureClassInitialized(type);
    }

    public static @Nullable ProtectionDomain protectionDomain(Class<?> type) {
        return JAVA_LANG.protectionDomain(type);
    }

    /** The object a hidden class was defined with, or null. */
    public static @Nullable Object classData(Class<?> hidden) {
        return JAVA_LANG.classData(hidden);
    }

    /** Gives a hidden class the object it was once defined with. */
    public static void setClassData(Class<?> hidden, @Nullable Object data) {
        UNSAFE.putReference(hidden, CLASS_DATA, data);
    }

    /** Drops what the JVM remembers of the constants of an enum, which it then reads from the class again. */
    public static void forgetEnumConstants(Class<?> type) {
        UNSAFE.putReferenceVolatile(type, ENUM_CONSTANTS, null);
        UNSAFE.putReferenceVolatile(type, ENUM_DIRECTORY, null);
    }

    /** Defines a named class in {@code loader}. The JVM asks the loader for the supertypes. */
    public static Class<?> define(
            @Nullable ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain) {
        return JAVA_LANG.defineClass(loader, name, bytes, domain, "Ingot");
    }

    /**
     * Defines a hidden class beside {@code host}; does not initialise it. As the JDK does it for itself, so that the class file may
     * name another package: that of the class by which it binds callers to method handles does.
     *
     * @param name the class's name, or what comes before the last slash of it
     * @throws IllegalArgumentException if that is not a name in the package of {@code host}
     */
    public static Class<?> defineHidden(Class<?> host, String name, byte[] bytes, boolean nestmate, boolean strong) {
        int suffix = name.lastIndexOf('/');
        String plain = suffix < 0 ? name : name.substring(0, suffix);
        int simple = plain.lastIndexOf('.') + 1;
        if (simple == plain.length()
                || !plain.substring(0, Math.max(0, simple - 1)).equals(host.getPackageName())) {
            throw new IllegalArgumentException(name + " is no name in the package of " + host.getName());
        }
        ClassLoader loader = host.getClassLoader();
        boolean ofJdk = loader == null || loader == ClassLoader.getPlatformClassLoader();
        int flags = HIDDEN | (nestmate ? NESTMATE : 0) | (strong ? STRONG : 0) | (ofJdk ? ACCESS_VM_ANNOTATIONS : 0);
        return HiddenClasses.define(
                JAVA_LANG,
                loader,
                host,
                plain.replace('.', '/'),
                bytes,
                loader == null ? null : protectionDomain(host),
                false,
                flags,
                null);
    }

    /** The string literals in the code of {@code type}; each is the one interned object of its value. */
    public static List<String> literals(Class<?> type) {
        ConstantPool pool = JAVA_LANG.getConstantPool(type);
        List<String> literals = new ArrayList<>();
        for (int index = 1; index < pool.getSize(); index++) {
            if (isString(pool, index)) {
                literals.add(pool.getStringAt(index));
            }
        }
        return literals;
    }

    private static boolean isString(ConstantPool pool, int index) {
        try {
            return pool.getTagAt(index) == ConstantPool.Tag.STRING;
        } catch (IllegalArgumentException unknownTag) {
            return false; // The JDK names no tag for constants that are computed, such as coverage tools add.
        }
    }
}
