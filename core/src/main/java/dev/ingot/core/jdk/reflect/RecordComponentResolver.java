package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Parts;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Components of records by class and name. */
final class RecordComponentResolver implements ObjectResolver<RecordComponent> {

    @Override
    public boolean accepts(Class<?> type) {
        return type == RecordComponent.class;
    }

    @Override
    public Object[] describe(RecordComponent component) {
        return new Object[] {component.getDeclaringRecord(), component.getName()};
    }

    @Override
    public RecordComponent resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("record component", description);
        Class<?> owner = parts.get(0, Class.class);
        String name = parts.get(1, String.class);
        RecordComponent[] components = owner.getRecordComponents();
        if (components != null) {
            for (RecordComponent component : components) {
                if (component.getName().equals(name)) {
                    return component;
                }
            }
        }
        throw new NotRestorableException(
                "cannot restore the record component " + owner.getName() + '.' + name
                        + ", which the program holds: the record has none of that name in this JVM; resume with the same class path");
    }
}
