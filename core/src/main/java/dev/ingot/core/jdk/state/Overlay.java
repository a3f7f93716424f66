package dev.ingot.core.jdk.state;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object that the JDK holds in a static final field and the program has filled: the new JVM's object takes
 * them over and stays what everybody knows as the singleton.
 */
final class Overlay {

    private Overlay() {}

    /** Class, field name and value of each instance field in turn. */
    static Object[] of(Object singleton) {
        List<@Nullable Object> triples = new ArrayList<>();
        for (Class<?> type = singleton.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : Slot.declaredFields(type)) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    triples.add(type);
                    triples.add(field.getName());
                    triples.add(Slot.of(field).get(singleton));
                }
            }
        }
        return triples.toArray();
    }

    static void lay(Object[] triples, Object singleton) throws NotRestorableException {
        for (int i = 0; i + 2 < triples.length; i += 3) {
            Class<?> type = (Class<?>) triples[i];
            String name = (String) triples[i + 1];
            Slot slot = type.isInstance(singleton) ? Slot.find(type, name) : null;
            if (slot == null) {
                throw new NotRestorableException(
                        "cannot restore " + singleton.getClass().getName() + ", which is in use: JDK "
                                + Runtime.version() + " keeps it in another way (no field '" + name
                                + "'); resume on the JDK version"
                                + " the image was taken on");
            }
            slot.put(singleton, triples[i + 2]);
        }
    }
}
