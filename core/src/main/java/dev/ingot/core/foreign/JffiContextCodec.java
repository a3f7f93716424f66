package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The form of a native call, which jffi makes of the types of its result and its parameters. */
final class JffiContextCodec implements ObjectCodec<Object> {
    private static final String ADDRESS = "contextAddress";
    private static final String TYPES = "parameterTypeHandles";
    private static final String FIXED_PARAMETERS = "fixedParamCount";
    /** Where among the flags the number of parameters stands that are not variable arguments. */
    private static final int FIXED_PARAMETERS_SHIFT = 16;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("com.kenai.jffi.CallContext");
    }

    @Override
    public Object[] capture(Object context) {
        return new Object[] {FieldState.capture(context, Set.of(ADDRESS, TYPES)), isDisposed(context)};
    }

    private static boolean isDisposed(Object context) {
        Slot disposed = Slot.find(context.getClass(), "disposed");
        return disposed != null && disposed.getInt(context) != 0;
    }

    @Override
    public void restore(Object context, Object[] state) throws NotRestorableException {
        FieldState.restore(context, state[0]);
        if (Boolean.TRUE.equals(state[1])) {
            return;
        }
        Class<?> type = context.getClass();
        Object result = required(context, "returnType");
        Object parameters = required(context, "parameterTypes");
        Class<?> typeType = Objects.requireNonNull(parameters.getClass().getComponentType());
        Object handles = required(HiddenMethod.of(typeType, "nativeHandles", parameters.getClass())
                .call(null, parameters));
        Slot.of(type, TYPES).put(context, handles);
        Object foreign = required(context, "foreign");
        Object address =
                required(HiddenMethod.of(foreign.getClass(), "newCallContext", long.class, long[].class, int.class)
                        .call(foreign, HiddenMethod.of(typeType, "handle").call(result), handles, flags(context)));
        if (address.equals(0L)) {
            throw new NotRestorableException("cannot restore a " + type.getName() + ": jffi could not make it");
        }
        Slot.of(type, ADDRESS).put(context, address);
    }

    private static int flags(Object context) {
        int flags = Slot.of(context.getClass(), "flags").getInt(context);
        Slot fixed = Slot.find(context.getClass(), FIXED_PARAMETERS);
        return fixed == null ? flags : flags | fixed.getInt(context) << FIXED_PARAMETERS_SHIFT;
    }

    private static Object required(Object object, String field) {
        return required(Slot.of(object.getClass(), field).get(object));
    }

    private static Object required(@Nullable Object value) {
        return Objects.requireNonNull(value);
    }

    @Override
    public int order() {
        return RestoreOrder.CONTEXT;
    }
}
