package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.DeclaredFields;
import dev.ingot.core.jvm.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Variable handles to fields, to elements of arrays, and to views of bytes. */
final class VarHandleResolver implements ObjectResolver<VarHandle> {
    private static final int KIND = 0;
    private static final int EXACT = 1;
    private static final int OWNER = 2;
    private static final int NAME = 3;
    private static final int TYPE = 4;

    @Override
    public boolean accepts(Class<?> type) {
        return VarHandle.class.isAssignableFrom(type) && !ComposedVarHandleCodec.takes(type);
    }

    @Override
    public @Nullable Object[] describe(VarHandle given) throws NotCapturableException {
        VarHandle handle = unwrapped(given);
        Kind kind = Kind.of(handle.getClass());
        boolean exact = given.hasInvokeExactBehavior();
        return switch (kind) {
            case FIELD -> field(kind, exact, Fields.ofInstance(handle), receiver(handle));
            case STATIC_FIELD -> staticField(exact, Fields.ofClass(handle));
            case ARRAY -> new Object[] {kind.name(), exact, receiver(handle)};
            case BYTE_ARRAY, BYTE_BUFFER ->
                new Object[] {kind.name(), exact, handle.varType().arrayType(), isBigEndian(handle)};
            case OTHER ->
                throw new NotCapturableException("cannot capture the variable handle " + handle
                        + ": it is put together from other handles or reaches into memory outside the heap; hold the handle to"
                        + " the field or array itself instead");
        };
    }

    @Override
    public VarHandle resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("variable handle", description);
        VarHandle found = find(parts, Kind.named(parts.get(KIND, String.class)));
        return parts.get(EXACT, Boolean.class) ? found.withInvokeExactBehavior() : found;
    }

    private static VarHandle find(Parts parts, Kind kind) throws NotRestorableException {
        Class<?> owner = parts.get(OWNER, Class.class);
        return switch (kind) {
            case FIELD, STATIC_FIELD -> findField(parts, owner, kind);
            case ARRAY -> MethodHandles.arrayElementVarHandle(owner);
            case BYTE_ARRAY -> MethodHandles.byteArrayViewVarHandle(owner, order(parts));
            case BYTE_BUFFER -> MethodHandles.byteBufferViewVarHandle(owner, order(parts));
            case OTHER ->
                throw new NotRestorableException(
                        "cannot restore a variable handle: the image is damaged, take another");
        };
    }

    private static VarHandle findField(Parts parts, Class<?> owner, Kind kind) throws NotRestorableException {
        String name = parts.get(NAME, String.class);
        Class<?> type = parts.get(TYPE, Class.class);
        try {
            return kind == Kind.FIELD
                    ? TrustedLookup.get().findVarHandle(owner, name, type)
                    : TrustedLookup.get().findStaticVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new NotRestorableException(
                    "cannot restore the variable handle to " + owner.getName() + '.' + name
                            + ", which the program holds: " + e.getMessage()
                            + "; resume with the same class path and JDK",
                    e);
        }
    }

    private static Object[] field(Kind kind, boolean exact, Field field, Class<?> receiver) {
        return new Object[] {kind.name(), exact, receiver, field.getName(), field.getType()};
    }

    private static Object[] staticField(boolean exact, Field field) {
        return field(Kind.STATIC_FIELD, exact, field, field.getDeclaringClass());
    }

    /** Since version 22 a handle to a static field whose class is not initialised yet is wrapped in another. */
    private static VarHandle unwrapped(VarHandle handle) {
        if (handle.getClass().getSimpleName().equals("LazyInitializingVarHandle")) {
            VarHandle target = Slot.of(handle.getClass(), "target").get(handle, VarHandle.class);
            return target == null ? handle : target;
        }
        return handle;
    }

    private static Class<?> receiver(VarHandle handle) {
        return handle.coordinateTypes().get(0);
    }

    private static boolean isBigEndian(VarHandle handle) {
        for (Class<?> at = handle.getClass(); at != null; at = at.getSuperclass()) {
            Slot bigEndian = Slot.find(at, "be");
            if (bigEndian != null) {
                return bigEndian.getBoolean(handle);
            }
        }
        throw new IllegalStateException("cannot tell the byte order of " + handle + " in JDK " + Runtime.version());
    }

    private static ByteOrder order(Parts parts) throws NotRestorableException {
        return parts.get(NAME, Boolean.class) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** What a handle reaches, told from the name of the JDK's class for it. */
    private enum Kind {
        FIELD,
        STATIC_FIELD,
        ARRAY,
        BYTE_ARRAY,
        BYTE_BUFFER,
        OTHER;

        static Kind of(Class<?> type) {
            String name = type.getSimpleName();
            if (name.startsWith("FieldInstance")) {
                return FIELD;
            }
            if (name.startsWith("FieldStatic")) {
                return STATIC_FIELD;
            }
            return ofElements(name);
        }

        private static Kind ofElements(String name) {
            return switch (name) {
                case "Array" -> ARRAY;
                case "ArrayHandle" -> BYTE_ARRAY;
                case "ByteBufferHandle" -> BYTE_BUFFER;
                default -> OTHER;
            };
        }

        static Kind named(String name) {
            for (Kind kind : values()) {
                if (kind.name().equals(name)) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    /** Finds the field at the offset that a handle keeps. */
    private static final class Fields {
        private static final Class<?> FINDER = JdkClass.of("java.lang.invoke.VarHandles");

        /** Also one that a superclass declares, which the JDK's own finder misses. */
        static Field ofInstance(VarHandle handle) {
            long offset = slot(handle, "fieldOffset").getLong(handle);
            for (Class<?> at = receiver(handle); at != null; at = at.getSuperclass()) {
                for (Field field : DeclaredFields.ofInstances(at)) {
                    if (Memory.UNSAFE.objectFieldOffset(field) == offset) {
                        return field;
                    }
                }
            }
            throw new IllegalStateException("cannot find the field of the variable handle " + handle);
        }

        /** Up to version 21 a handle keeps the base object of the field, later the class. */
        static Field ofClass(VarHandle handle) {
            HiddenMethod byClass =
                    HiddenMethod.find(FINDER, "getStaticFieldFromBaseAndOffset", Class.class, long.class, Class.class);
            long offset = slot(handle, "fieldOffset").getLong(handle);
            if (byClass != null) {
                return (Field) present(
                        byClass.call(null, slot(handle, "declaringClass").get(handle), offset, handle.varType()),
                        handle);
            }
            HiddenMethod byBase =
                    HiddenMethod.of(FINDER, "getStaticFieldFromBaseAndOffset", Object.class, long.class, Class.class);
            return (Field)
                    present(byBase.call(null, slot(handle, "base").get(handle), offset, handle.varType()), handle);
        }

        private static Slot slot(VarHandle handle, String name) {
            for (Class<?> at = handle.getClass(); at != null; at = at.getSuperclass()) {
                Slot slot = Slot.find(at, name);
                if (slot != null) {
                    return slot;
                }
            }
            throw new IllegalStateException(
                    "cannot find field '" + name + "' of " + handle.getClass().getName() + " in JDK "
                            + Runtime.version() + "; Ingot knows the class libraries of JDK 17 to 25");
        }

        private static Object present(@Nullable Object field, VarHandle handle) {
            if (field == null) {
                throw new IllegalStateException("cannot find the field of the variable handle " + handle);
            }
            return field;
        }
    }
}
