package dev.ingot.core.jdk.xml;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What limits parsers, factories and transformers, which every one of them holds. These objects keep arrays in which each setting
 * has the place of its constant in an enum. Later JDKs have more settings, and moved the classes; so a setting is carried by the name of its constant,
 * and one that the image does not know has the value that it has in a new object.
 */
final class SettingsCodec implements ObjectCodec<Object> {
    private static final List<String> PACKAGES = List.of(
            "com.sun.org.apache.xerces.internal.utils.",
            "com.sun.org.apache.xalan.internal.utils.",
            "jdk.xml.internal.");

    /** By the name of a class in one of these packages the name of the enum, which is of the class itself or of one beside it. */
    private static final Map<String, String> CONSTANTS = Map.of(
            "XMLSecurityManager", "XMLSecurityManager$Limit",
            "XMLSecurityPropertyManager", "XMLSecurityPropertyManager$Property",
            "XMLLimitAnalyzer", "XMLSecurityManager$Limit");

    private static final int SETTINGS = 0;
    private static final int NAMES = 1;
    private static final int VALUES = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type) && constants(type.getName()) != null;
    }

    /** The enum that belongs to the class of that name; null if it is none of these. The JVM's own way to a simple name loads classes. */
    private static @Nullable String constants(String holder) {
        for (String packageName : PACKAGES) {
            if (holder.startsWith(packageName)) {
                String constants = CONSTANTS.get(holder.substring(packageName.length()));
                return constants == null ? null : packageName + constants;
            }
        }
        return null;
    }

    @Override
    public @Nullable Object[] capture(Object holder) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Field field : fields(holder.getClass())) {
            Object value = Slot.of(field).get(holder);
            fields.put(field.getName(), isOfEnum(field) ? namesOf(Objects.requireNonNull(value)) : value);
        }
        return new @Nullable Object[] {
            settings(holder.getClass()),
            fields.keySet().toArray(new String[0]),
            fields.values().toArray()
        };
    }

    @Override
    public void restore(Object holder, @Nullable Object[] state) throws NotRestorableException {
        List<String> imageSettings = List.of((String[]) Objects.requireNonNull(state[SETTINGS]));
        String[] names = (String[]) Objects.requireNonNull(state[NAMES]);
        @Nullable Object[] values = (Object[]) Objects.requireNonNull(state[VALUES]);
        List<String> settings = List.of(settings(holder.getClass()));
        Object fresh = HiddenMethod.constructor(holder.getClass()).make();
        for (Field field : fields(holder.getClass())) {
            Slot slot = Slot.of(field);
            Object value = slot.get(fresh);
            int index = List.of(names).indexOf(field.getName());
            if (index >= 0
                    && values[index] != null
                    && value != null
                    && field.getType().isArray()) {
                fill(value, settings, Objects.requireNonNull(values[index]), imageSettings);
            } else if (index >= 0) {
                value = values[index];
            }
            slot.put(holder, value);
        }
    }

    /** Sets the elements of {@code array} whose settings the image knows. */
    private static void fill(Object array, List<String> settings, Object values, List<String> imageSettings)
            throws NotRestorableException {
        for (int at = 0; at < settings.size(); at++) {
            int from = imageSettings.indexOf(settings.get(at));
            if (from >= 0) {
                Object value = Array.get(values, from);
                Class<?> type = array.getClass().getComponentType();
                Array.set(array, at, type.isEnum() && value != null ? constant(type, (String) value) : value);
            }
        }
    }

    // ---- reflection

    private static List<Field> fields(Class<?> holder) {
        List<Field> fields = new ArrayList<>();
        for (Class<?> type = holder; type != null; type = type.getSuperclass()) {
            for (Field field : Slot.declaredFields(type)) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    private static boolean isOfEnum(Field field) {
        Class<?> element = field.getType().getComponentType();
        return element != null && element.isEnum();
    }

    private static @Nullable String[] namesOf(Object constants) {
        @Nullable String[] names = new String[Array.getLength(constants)];
        for (int i = 0; i < names.length; i++) {
            names[i] = Array.get(constants, i) instanceof Enum<?> constant ? constant.name() : null;
        }
        return names;
    }

    private static String[] settings(Class<?> holder) {
        Class<?> constants = JdkClass.of(Objects.requireNonNull(constants(holder.getName())));
        return Objects.requireNonNull(namesOf(constants.getEnumConstants()));
    }

    private static Object constant(Class<?> type, String name) throws NotRestorableException {
        for (Object each : type.getEnumConstants()) {
            if (each instanceof Enum<?> constant && constant.name().equals(name)) {
                return constant;
            }
        }
        throw new NotRestorableException("cannot restore an XML parser: this JDK has no " + type.getName() + "." + name
                + "; resume on the JDK version the image was taken on");
    }
}
