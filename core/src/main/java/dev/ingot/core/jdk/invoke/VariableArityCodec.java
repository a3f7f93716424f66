package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Method handles that collect their last arguments: the handle they call and the array they collect into. */
final class VariableArityCodec implements ObjectCodec<MethodHandle> {
    private static final String NAME = "java.lang.invoke.MethodHandleImpl$AsVarargsCollector";
    private static final int TYPE = 0;
    private static final int TARGET = 1;
    private static final int ARRAY = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(NAME);
    }

    @Override
    public int order() {
        return ComposedHandleCodec.ORDER;
    }

    @Override
    public @Nullable Object[] capture(MethodHandle handle) {
        return new @Nullable Object[] {
            handle.type(), slot("target").get(handle), slot("arrayType").get(handle)
        };
    }

    @Override
    public void restore(MethodHandle handle, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("method handle", state);
        MethodType type = parts.get(TYPE, MethodType.class);
        // The target may have no type yet; one of the same type tells the form as well.
        MethodHandle pattern = HiddenMethod.constructor(JdkClass.of(NAME), MethodHandle.class, Class.class)
                                .make(MethodHandles.empty(type), parts.get(ARRAY, Class.class))
                        instanceof MethodHandle made
                ? made
                : null;
        Slot form = Slot.of(MethodHandle.class, "form");
        form.put(handle, form.get(pattern));
        Slot.of(MethodHandle.class, "type").put(handle, type);
        slot("target").put(handle, parts.get(TARGET, MethodHandle.class));
        slot("arrayType").put(handle, parts.get(ARRAY, Class.class));
    }

    private static Slot slot(String field) {
        return Slot.of(NAME, field);
    }
}
