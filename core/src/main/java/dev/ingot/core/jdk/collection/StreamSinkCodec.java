package dev.ingot.core.jdk.collection;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a stage of a stream does to each element. Compiled from JDK 18 on, it holds the variables that it captures; before, it asks the
 * stage for them, which is its enclosing object.
 */
final class StreamSinkCodec implements ObjectCodec<Object> {
    private static final String SINK = "java.util.stream.Sink";
    private static final String ENCLOSING = "this$";
    private static final String CAPTURED = "val$";
    private static final int FIELDS = 0;
    private static final int NAMES = 1;
    private static final int VALUES = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type) && !type.isHidden() && JdkClass.isImplementation(type, SINK);
    }

    @Override
    public @Nullable Object[] capture(Object sink) {
        List<String> names = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        addCaptured(sink, names, values);
        for (Field field : declared(sink.getClass(), ENCLOSING)) {
            Object stage = Slot.of(field).get(sink);
            if (stage != null) {
                addCaptured(stage, names, values);
            }
        }
        return new @Nullable Object[] {
            FieldState.capture(sink, Set.of()), names.toArray(new String[0]), values.toArray()
        };
    }

    @Override
    public void restore(Object sink, @Nullable Object[] state) {
        FieldState.restore(sink, Objects.requireNonNull(state[FIELDS]));
        String[] names = (String[]) Objects.requireNonNull(state[NAMES]);
        @Nullable Object[] values = (Object[]) Objects.requireNonNull(state[VALUES]);
        putCaptured(sink, names, values);
        for (Field field : declared(sink.getClass(), ENCLOSING)) {
            Slot slot = Slot.of(field);
            if (slot.get(sink) == null) {
                // It is asked for nothing else.
                Object stage = JdkClass.allocate(slot.type());
                putCaptured(stage, names, values);
                slot.put(sink, stage);
            }
        }
    }

    private static void addCaptured(Object object, List<String> names, List<@Nullable Object> values) {
        for (Field field : declared(object.getClass(), CAPTURED)) {
            names.add(field.getName());
            values.add(Slot.of(field).get(object));
        }
    }

    private static void putCaptured(Object object, String[] names, @Nullable Object[] values) {
        for (Field field : declared(object.getClass(), CAPTURED)) {
            int index = List.of(names).indexOf(field.getName());
            if (index >= 0) {
                Slot.of(field).put(object, values[index]);
            }
        }
    }

    private static List<Field> declared(Class<?> type, String prefix) {
        List<Field> found = new ArrayList<>();
        for (Field field : Slot.declaredFields(type)) {
            if (field.getName().startsWith(prefix)) {
                found.add(field);
            }
        }
        return found;
    }
}
