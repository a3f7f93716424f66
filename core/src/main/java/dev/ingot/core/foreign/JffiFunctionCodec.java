package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.util.Objects;
import java.util.Set;

/** A function of a native library, which holds the address of its form beside the form itself. */
final class JffiFunctionCodec implements ObjectCodec<Object> {
    private static final String CONTEXT = "contextAddress";

    private final AddressFields fields = new AddressFields();

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.kenai.jffi.Function");
    }

    @Override
    public Object[] capture(Object function) throws NotCapturableException {
        return fields.capture(function, Set.of(CONTEXT));
    }

    @Override
    public void restore(Object function, Object[] state) throws NotRestorableException {
        fields.restore(function, state);
        Object context = Objects.requireNonNull(
                Slot.of(function.getClass(), "callContext").get(function));
        Slot.of(function.getClass(), CONTEXT)
                .put(function, Slot.of(context.getClass(), CONTEXT).getLong(context));
    }

    @Override
    public int order() {
        return RestoreOrder.FUNCTION;
    }
}
