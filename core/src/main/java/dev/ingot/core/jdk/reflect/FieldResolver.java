package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** Fields by class, name and type, with their accessible flag. */
final class FieldResolver implements ObjectResolver<Field> {

    @Override
    public boolean accepts(Class<?> type) {
        return type == Field.class;
    }

    @Override
    public Object[] describe(Field field) {
        return new Object[] {
            field.getDeclaringClass(), field.getName(), field.getType(), HiddenMethod.isAccessible(field)
        };
    }

    @Override
    public Field resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("field", description);
        Field field = find(parts.get(0, Class.class), parts.get(1, String.class), parts.get(2, Class.class));
        HiddenMethod.setAccessible(field, parts.get(3, Boolean.class));
        return field;
    }

    private static Field find(Class<?> owner, String name, Class<?> fieldType) throws NotRestorableException {
        Field declared = declaredPublic(owner, name, fieldType);
        if (declared == null) {
            declared = declared(owner, name, fieldType);
        }
        if (declared == null) {
            declared = hidden(owner, name, fieldType);
        }
        if (declared == null) {
            throw new NotRestorableException(
                    "cannot restore the field " + fieldType.getTypeName() + ' ' + owner.getName() + '.'
                            + name
                            + ", which the program holds: the class has no such field in this JVM; resume with the same class"
                            + " path and JDK");
        }
        return declared;
    }

    /** Makes the JVM load the types of public fields only, as {@link MethodResolver} does. */
    private static @Nullable Field declaredPublic(Class<?> owner, String name, Class<?> fieldType) {
        try {
            Field field = owner.getField(name);
            return field.getDeclaringClass() == owner && field.getType() == fieldType ? field : null;
        } catch (NoSuchFieldException | NoClassDefFoundError absent) {
            // It may also be a type in a superclass that is missing, which matters to nobody.
            return null;
        }
    }

    private static @Nullable Field declared(Class<?> owner, String name, Class<?> fieldType) {
        try {
            Field field = owner.getDeclaredField(name);
            return field.getType() == fieldType ? field : null;
        } catch (NoSuchFieldException absent) {
            return null;
        }
    }

    /** Two fields may share a name and differ in type, in byte code; and some fields of the JDK are hidden from reflection. */
    private static @Nullable Field hidden(Class<?> owner, String name, Class<?> fieldType) {
        for (Field field : Slot.declaredFields(owner)) {
            if (field.getName().equals(name) && field.getType() == fieldType) {
                return field;
            }
        }
        return null;
    }
}
