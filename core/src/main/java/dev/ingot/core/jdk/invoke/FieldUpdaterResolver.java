package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/** The JDK's atomic field updaters, by class and field name. */
final class FieldUpdaterResolver implements ObjectResolver<Object> {
    private static final int OWNER = 0;
    private static final int NAME = 1;
    private static final int CALLER = 2;
    private static final int FIELD_TYPE = 3;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type)
                && (AtomicIntegerFieldUpdater.class.isAssignableFrom(type)
                        || AtomicLongFieldUpdater.class.isAssignableFrom(type)
                        || AtomicReferenceFieldUpdater.class.isAssignableFrom(type));
    }

    @Override
    public @Nullable Object[] describe(Object updater) throws NotCapturableException {
        Class<?> type = updater.getClass();
        Class<?> owner = (Class<?>) Slot.of(type, "tclass").get(updater);
        Field field =
                owner == null ? null : fieldAt(owner, Slot.of(type, "offset").getLong(updater));
        if (field == null) {
            throw new NotCapturableException(
                    "cannot capture a field updater for " + owner + ": no field lies where it points");
        }
        return new @Nullable Object[] {
            owner, field.getName(), Slot.of(type, "cclass").get(updater), field.getType()
        };
    }

    @Override
    public Object resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("field updater", description);
        Class<?> owner = parts.get(OWNER, Class.class);
        String name = parts.get(NAME, String.class);
        Class<?> caller = parts.get(CALLER, Class.class);
        try {
            if (AtomicReferenceFieldUpdater.class.isAssignableFrom(type)) {
                return HiddenMethod.constructor(type, Class.class, Class.class, String.class, Class.class)
                        .make(owner, parts.get(FIELD_TYPE, Class.class), name, caller);
            }
            return HiddenMethod.constructor(type, Class.class, String.class, Class.class)
                    .make(owner, name, caller);
        } catch (RuntimeException e) {
            throw new NotRestorableException(
                    "cannot restore the field updater for " + owner.getName() + '.' + name
                            + ", which the program holds: " + e.getMessage() + "; resume with the same class path",
                    e);
        }
    }

    private static @Nullable Field fieldAt(Class<?> owner, long offset) {
        for (Field field : Slot.declaredFields(owner)) {
            if (!Modifier.isStatic(field.getModifiers()) && Unsafe.getUnsafe().objectFieldOffset(field) == offset) {
                return field;
            }
        }
        return null;
    }
}
