package dev.ingot.core.jdk.access;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instance fields that one class declares, as name, value, name, value … */
public final class NamedFields {

    private NamedFields() {}

    /** The fields of {@code object} that {@code declaring} declares, but for those named {@code leftOut}. */
    public static @Nullable Object[] of(Object object, Class<?> declaring, String... leftOut) {
        List<String> leaves = List.of(leftOut);
        List<@Nullable Object> pairs = new ArrayList<>();
        for (Field field : Slot.declaredFields(declaring)) {
            if (!Modifier.isStatic(field.getModifiers()) && !leaves.contains(field.getName())) {
                pairs.add(field.getName());
                pairs.add(Slot.of(field).get(object));
            }
        }
        return pairs.toArray();
    }

    /** The value of the field of that name among {@code pairs}; null if there is none. */
    public static @Nullable Object get(@Nullable Object[] pairs, String name) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            if (name.equals(pairs[i])) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /** Sets those fields of {@code object} that this JDK's {@code declaring} has; the others keep what they hold. */
    public static void set(Object object, Class<?> declaring, @Nullable Object[] pairs) {
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            Slot slot = Slot.find(declaring, String.valueOf(pairs[i]));
            if (slot != null) {
                slot.put(object, pairs[i + 1]);
            }
        }
    }
}
