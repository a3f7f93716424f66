package dev.ingot.core.jdk.access;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Objects;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * One field of a JDK class, read and written whatever its access or finality. A static one is read and written without
 * initialising its class. The field is looked up on first use, so that making a slot costs nothing. Thread-safe; every access
 * has volatile effect.
 */
public final class Slot {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();
    private static final HiddenMethod DECLARED_FIELDS =
            HiddenMethod.of(Class.class, "getDeclaredFields0", boolean.class);

    /** The fields listed last; slots of one class are mostly looked up together. */
    private static volatile Listing lastListing = new Listing(Slot.class, new Field[0]);

    private final Class<?> holder;
    private final String name;
    private volatile @Nullable Place place;

    private Slot(Class<?> holder, String name, @Nullable Place place) {
        this.holder = holder;
        this.name = name;
        this.place = place;
    }

    /** The slot of {@code field}. */
    public static Slot of(Field field) {
        return new Slot(field.getDeclaringClass(), field.getName(), Place.of(field));
    }

    /** The named field of {@code holder}. Its use throws {@link IllegalStateException} if this JDK has no such field. */
    public static Slot of(Class<?> holder, String name) {
        return new Slot(holder, name, null);
    }

    /** The named field of the class named {@code holder}; see {@link #of(Class, String)}. */
    public static Slot of(String holder, String name) {
        return of(JdkClass.of(holder), name);
    }

    /** The named field of {@code holder}, or null where this JDK's version of the class has none. */
    public static @Nullable Slot find(Class<?> holder, String name) {
        Field field = findField(holder, name);
        return field == null ? null : of(field);
    }

    /** The named field of the class of {@code object} or the nearest superclass that has one, which one of them must. */
    public static Slot inherited(Object object, String name) {
        return Objects.requireNonNull(findInherited(object.getClass(), name), name);
    }

    /** The named field of {@code type} or the nearest superclass that has one; null where none has. */
    public static @Nullable Slot findInherited(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            Slot slot = find(at, name);
            if (slot != null) {
                return slot;
            }
        }
        return null;
    }

    /** The fields that {@code holder} declares, with those the reflection library hides. */
    public static Field[] declaredFields(Class<?> holder) {
        return listing(holder).clone();
    }

    /** The value in {@code target}, which is ignored for a static field; primitives boxed. */
    public @Nullable Object get(@Nullable Object target) {
        Place found = place();
        Object base = base(found, target);
        long offset = found.offset;
        if (!found.type.isPrimitive()) {
            return UNSAFE.getReferenceVolatile(base, offset);
        }
        return switch (found.type.getName()) {
            case "boolean" -> UNSAFE.getBooleanVolatile(base, offset);
            case "byte" -> UNSAFE.getByteVolatile(base, offset);
            case "short" -> UNSAFE.getShortVolatile(base, offset);
            case "char" -> UNSAFE.getCharVolatile(base, offset);
            case "int" -> UNSAFE.getIntVolatile(base, offset);
            case "long" -> UNSAFE.getLongVolatile(base, offset);
            case "float" -> UNSAFE.getFloatVolatile(base, offset);
            default -> UNSAFE.getDoubleVolatile(base, offset);
        };
    }

    /** The value in {@code target} as a {@code T}; see {@link #get}. */
    public <T> @Nullable T get(@Nullable Object target, Class<T> as) {
        return as.cast(get(target));
    }

    /** The value of an integral field as a long, sign-extended. */
    public long getLong(@Nullable Object target) {
        if (get(target) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("cannot read " + this + " as a number");
    }

    /** The value of an integral field as an int, truncated. */
    public int getInt(@Nullable Object target) {
        return (int) getLong(target);
    }

    /** The value of a boolean field. */
    public boolean getBoolean(@Nullable Object target) {
        return Boolean.TRUE.equals(get(target));
    }

    /** Sets the value in {@code target}, which is ignored for a static field; any number fits any numeric field. */
    public void put(@Nullable Object target, @Nullable Object value) {
        Place found = place();
        Object base = base(found, target);
        if (!found.type.isPrimitive()) {
            UNSAFE.putReferenceVolatile(base, found.offset, found.type.cast(value));
        } else if (value instanceof Number number) {
            putNumber(found, base, number);
        } else if (value instanceof Boolean bit && found.type == boolean.class) {
            UNSAFE.putBooleanVolatile(base, found.offset, bit);
        } else if (value instanceof Character character && found.type == char.class) {
            UNSAFE.putCharVolatile(base, found.offset, character);
        } else {
            throw new IllegalStateException("cannot put " + value + " into " + this);
        }
    }

    /** The type the field is declared with. */
    public Class<?> type() {
        return place().type;
    }

    @Override
    public String toString() {
        return "field " + holder.getName() + '.' + name;
    }

    private void putNumber(Place found, Object base, Number number) {
        long offset = found.offset;
        switch (found.type.getName()) {
            case "byte" -> UNSAFE.putByteVolatile(base, offset, number.byteValue());
            case "short" -> UNSAFE.putShortVolatile(base, offset, number.shortValue());
            case "int" -> UNSAFE.putIntVolatile(base, offset, number.intValue());
            case "long" -> UNSAFE.putLongVolatile(base, offset, number.longValue());
            case "float" -> UNSAFE.putFloatVolatile(base, offset, number.floatValue());
            case "double" -> UNSAFE.putDoubleVolatile(base, offset, number.doubleValue());
            default -> throw new IllegalStateException("cannot put the number " + number + " into " + this);
        }
    }

    /** An object of another class would be read or overwritten somewhere in its middle. */
    private Object base(Place found, @Nullable Object target) {
        if (found.staticBase != null) {
            return found.staticBase;
        }
        if (!holder.isInstance(target)) {
            throw new IllegalStateException("cannot use " + this + " in "
                    + (target == null ? "null" : "a " + target.getClass().getName()));
        }
        return target;
    }

    private Place place() {
        Place known = place;
        if (known == null) {
            Field field = findField(holder, name);
            if (field == null) {
                throw new IllegalStateException("cannot find " + this + " in JDK " + Runtime.version()
                        + "; Ingot knows the class libraries of JDK 17 to 25");
            }
            known = Place.of(field);
            place = known;
        }
        return known;
    }

    private static @Nullable Field findField(Class<?> holder, String name) {
        for (Field field : listing(holder)) {
            if (field.getName().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private static Field[] listing(Class<?> holder) {
        Listing last = lastListing;
        if (last.holder == holder) {
            return last.fields;
        }
        Field[] fields = (Field[]) DECLARED_FIELDS.call(holder, false);
        if (fields == null) {
            throw new IllegalStateException("cannot list the fields of " + holder.getName());
        }
        lastListing = new Listing(holder, fields);
        return fields;
    }

    /** The declared fields of a class. */
    private static final class Listing {
        private final Class<?> holder;
        private final Field[] fields;

        Listing(Class<?> holder, Field[] fields) {
            this.holder = holder;
            this.fields = fields;
        }
    }

    /** Where a field lies: in the object at hand, or, if static, in one of its own. */
    private static final class Place {
        private final Class<?> type;
        private final @Nullable Object staticBase;
        private final long offset;

        private Place(Class<?> type, @Nullable Object staticBase, long offset) {
            this.type = type;
            this.staticBase = staticBase;
            this.offset = offset;
        }

        static Place of(Field field) {
            return Modifier.isStatic(field.getModifiers())
                    ? new Place(field.getType(), UNSAFE.staticFieldBase(field), UNSAFE.staticFieldOffset(field))
                    : new Place(field.getType(), null, UNSAFE.objectFieldOffset(field));
        }
    }
}
