package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The instance fields of an object by name, for codecs that carry most of an object as it is.
 *
 * <p>A field that the restoring JDK's version of the class lacks, or has with another type, is left out.
 */
public final class FieldState {
    private FieldState() {}

    /** Every field of {@code object}, those of its superclasses included, but for the named ones. */
    public static Object[] capture(Object object, Set<String> except) {
        return capture(object, object.getClass(), except);
    }

    /** The fields that {@code holder} and its superclasses declare, but for the named ones. */
    public static Object[] capture(Object object, Class<?> holder, Set<String> except) {
        List<String> names = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (Class<?> type = holder; type != null; type = type.getSuperclass()) {
            for (Field field : Slot.declaredFields(type)) {
                if (!Modifier.isStatic(field.getModifiers()) && !except.contains(field.getName())) {
                    names.add(type.getName() + "." + field.getName());
                    values.add(Slot.of(field).get(object));
                }
            }
        }
        return new Object[] {names.toArray(new String[0]), values.toArray()};
    }

    /** Sets the fields of {@code object} to what {@link #capture} returned. */
    public static void restore(Object object, Object state) {
        String[] names = (String[]) ((Object[]) state)[0];
        Object[] values = (Object[]) ((Object[]) state)[1];
        for (int i = 0; i < names.length; i++) {
            set(object, names[i], values[i]);
        }
    }

    private static void set(Object object, String name, @Nullable Object value) {
        int dot = name.lastIndexOf('.');
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().length() == dot && name.startsWith(type.getName())) {
                Slot slot = Slot.find(type, name.substring(dot + 1));
                if (slot != null && takes(slot.type(), value)) {
                    slot.put(object, value);
                }
                return;
            }
        }
    }

    private static boolean takes(Class<?> type, @Nullable Object value) {
        if (value == null) {
            return !type.isPrimitive();
        }
        return MethodType.methodType(type).wrap().returnType().isInstance(value)
                || (type == long.class && value instanceof Integer);
    }
}
