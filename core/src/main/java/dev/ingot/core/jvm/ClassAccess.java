package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
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

    /** Defines a hidden class beside {@code host}; does not initialise it. */
    public static Class<?> defineHidden(Class<?> host, byte[] bytes, boolean nestmate, boolean strong)
            throws IllegalAccessException {
        List<ClassOption> options = new ArrayList<>();
        if (nestmate) {
            options.add(ClassOption.NESTMATE);
        }
        if (strong) {
            options.add(ClassOption.STRONG);
        }
        Lookup lookup = TrustedLookup.in(host).defineHiddenClass(bytes, false, options.toArray(ClassOption[]::new));
        return lookup.lookupClass();
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
