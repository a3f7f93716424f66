package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Lambda forms, the little programs behind method handles that were put together from others: parameters and calls by name, as
 * the JDK would print them. The JDK compiles them anew; code generated for them and pointers into the JVM are left behind.
 */
final class LambdaFormCodec implements ObjectCodec<Object> {
    /** Before anything whose codec may call a handle. */
    static final int ORDER = -10;

    private static final String NAME = "java.lang.invoke.LambdaForm";
    private static final int ARITY = 0;
    private static final int RESULT = 1;
    private static final int INLINED = 2;
    private static final int KIND = 3;
    private static final int NAMES = 4;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(NAME);
    }

    @Override
    public int order() {
        return ORDER;
    }

    /** The form that {@code form} is a variant of, specialised for one handle; {@code form} itself if it is none. */
    static @Nullable Object shared(@Nullable Object form) {
        return form == null || Slot.of(NAME, "customized").get(form) == null
                ? form
                : Slot.of(NAME, "transformCache").get(form);
    }

    @Override
    public @Nullable Object[] capture(Object form) throws NotCapturableException {
        return new @Nullable Object[] {
            Slot.of(NAME, "arity").get(form),
            Slot.of(NAME, "result").get(form),
            Slot.of(NAME, "forceInline").get(form),
            String.valueOf(Slot.of(NAME, "kind").get(form)),
            FormNames.describe(Slot.of(NAME, "names").get(form, Object[].class))
        };
    }

    @Override
    public void restore(Object form, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("lambda form", state);
        Object[] names = FormNames.make(parts.get(NAMES, Object[].class));
        Object made = make(parts, names);
        HiddenMethod.of(form.getClass(), "prepare").call(made);
        for (Field field : Slot.declaredFields(form.getClass())) {
            if (!Modifier.isStatic(field.getModifiers())) {
                Slot slot = Slot.of(field);
                slot.put(form, slot.get(made));
            }
        }
    }

    private static Object make(Parts parts, Object[] names) throws NotRestorableException {
        Class<?> type = JdkClass.of(NAME);
        Class<?> kinds = JdkClass.of(NAME + "$Kind");
        int arity = parts.get(ARITY, Integer.class);
        int result = parts.get(RESULT, Integer.class);
        boolean inlined = parts.get(INLINED, Boolean.class);
        Object kind = HiddenMethod.of(kinds, "valueOf", String.class).call(null, parts.get(KIND, String.class));
        HiddenMethod factory = HiddenMethod.find(
                type, "create", int.class, names.getClass(), int.class, boolean.class, handle(), kinds);
        Object made = factory != null
                ? factory.call(null, arity, names, result, inlined, null, kind)
                : HiddenMethod.constructor(type, int.class, names.getClass(), int.class, boolean.class, handle(), kinds)
                        .make(arity, names, result, inlined, null, kind);
        return java.util.Objects.requireNonNull(made);
    }

    private static Class<?> handle() {
        return java.lang.invoke.MethodHandle.class;
    }
}
