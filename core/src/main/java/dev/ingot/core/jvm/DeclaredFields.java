package dev.ingot.core.jvm;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All fields a class declares, also those that reflection hides. Never initialises the class. */
public final class DeclaredFields {
    private static final MethodHandle DECLARED_FIELDS =
            TrustedLookup.method(Class.class, "getDeclaredFields0", Field[].class, boolean.class);

    private static final MethodHandle NEW_FIELD = TrustedLookup.constructor(
            Field.class,
            Class.class,
            String.class,
            Class.class,
            int.class,
            boolean.class,
            int.class,
            String.class,
            byte[].class);

    /** Sees what the boot loader sees. */
    private static final ClassLoader BOOT = ClassLoader.getPlatformClassLoader();

    private DeclaredFields() {}

    /** The instance fields of {@code type} itself, ordered by offset. */
    public static List<Field> ofInstances(Class<?> type) {
        return ofInstances(type, ClassFileSource.LOADER);
    }

    /** The same; {@code source} is asked for the class file if the type of a field cannot be loaded, which is then left out. */
    public static List<Field> ofInstances(Class<?> type, ClassFileSource source) {
        return ordered(type, source, false);
    }

    /** The static fields of {@code type} itself, ordered by offset. */
    public static List<Field> ofClass(Class<?> type) {
        return ofClass(type, ClassFileSource.LOADER);
    }

    /** The same; {@code source} is asked for the class file if the type of a field cannot be loaded, which is then left out. */
    public static List<Field> ofClass(Class<?> type, ClassFileSource source) {
        return ordered(type, source, true);
    }

    /** The static field {@code name} of {@code type}; null if this JDK's class has none. */
    public static @Nullable Field ofClass(Class<?> type, String name) {
        for (Field field : ofClass(type)) {
            if (field.getName().equals(name)) {
                return field;
            }
        }
        return null;
    }

    /** Without a stream: the first ones of a JVM link lambdas of the JDK, which every resume would wait for. */
    private static List<Field> ordered(Class<?> type, ClassFileSource source, boolean isStatic) {
        List<Field> fields = new ArrayList<>();
        for (Field field : all(type, source)) {
            if (Modifier.isStatic(field.getModifiers()) == isStatic) {
                fields.add(field);
            }
        }
        fields.sort((one, other) -> Long.compare(offset(one), offset(other)));
        return List.copyOf(fields);
    }

    /** Where the field lies in its object, or in what the JVM keeps the static fields of its class in. */
    public static long offset(Field field) {
        return Modifier.isStatic(field.getModifiers())
                ? Memory.UNSAFE.staticFieldOffset(field)
                : Memory.UNSAFE.objectFieldOffset(field);
    }

    /**
     * Where {@code type} keeps its instance field {@code name}.
     *
     * @throws IllegalStateException if this JDK's class has no such field
     */
    public static long offset(Class<?> type, String name) {
        for (Field field : ofInstances(type)) {
            if (field.getName().equals(name)) {
                return Memory.UNSAFE.objectFieldOffset(field);
            }
        }
        throw absent(type, name);
    }

    /**
     * What the static field {@code name} of {@code type}, one for a reference, holds.
     *
     * @throws IllegalStateException if this JDK's class has no such field
     */
    public static @Nullable Object staticValue(Class<?> type, String name) {
        Field field = ofClass(type, name);
        if (field == null) {
            throw absent(type, name);
        }
        return staticValue(field);
    }

    /** What a static field for a reference holds. */
    public static @Nullable Object staticValue(Field field) {
        return Memory.UNSAFE.getReferenceVolatile(Memory.UNSAFE.staticFieldBase(field), offset(field));
    }

    private static IllegalStateException absent(Class<?> type, String name) {
        return new IllegalStateException("cannot find field " + type.getName() + '.' + name + " in JDK "
                + Runtime.version() + "; Ingot knows the class libraries of JDK 17 to 25");
    }

    private static Field[] all(Class<?> type, ClassFileSource source) {
        try {
            return (Field[]) DECLARED_FIELDS.invokeExact(type, false);
        } catch (NoClassDefFoundError missing) {
            return loadable(type, source, missing);
        } catch (RuntimeException unready) {
            // From a class loader of the program that is being restored and was asked for a class nobody had loaded.
            return loadable(
                    type, source, (NoClassDefFoundError) new NoClassDefFoundError(type.getName()).initCause(unready));
        } catch (Throwable failure) {
            throw TrustedLookup.failed("list the fields of " + type.getName(), failure);
        }
    }

    /** The JVM lists all fields or none. One whose type cannot be loaded has never held anything, so it is not missed. */
    private static Field[] loadable(Class<?> type, ClassFileSource source, NoClassDefFoundError missing) {
        byte[] classFile = source.find(type);
        if (classFile == null) {
            throw missing;
        }
        List<Field> fields = new ArrayList<>();
        List<ClassFileFields.Declared> all = ClassFileFields.of(classFile);
        for (int slot = 0; slot < all.size(); slot++) {
            Class<?> fieldType = typeOf(all.get(slot).descriptor(), type.getClassLoader());
            if (fieldType != null) {
                fields.add(field(type, all.get(slot), fieldType, slot));
            }
        }
        return fields.toArray(Field[]::new);
    }

    private static Field field(Class<?> type, ClassFileFields.Declared declared, Class<?> fieldType, int slot) {
        try {
            return (Field) NEW_FIELD.invoke(
                    type, declared.name(), fieldType, declared.modifiers(), false, slot, (String) null, (byte[]) null);
        } catch (Throwable failure) {
            throw TrustedLookup.failed("reflect field " + type.getName() + '.' + declared.name(), failure);
        }
    }

    private static @Nullable Class<?> typeOf(String descriptor, @Nullable ClassLoader loader) {
        try {
            return MethodType.fromMethodDescriptorString("()" + descriptor, loader == null ? BOOT : loader)
                    .returnType();
        } catch (NoClassDefFoundError | RuntimeException absent) {
            // Whatever a loader throws: TypeNotPresentException, or its own failure while it is being restored.
            return null;
        }
    }
}
