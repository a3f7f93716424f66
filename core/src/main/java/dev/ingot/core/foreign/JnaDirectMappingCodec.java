package dev.ingot.core.foreign;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The classes whose native methods JNA has bound to functions of libraries, which the JVM forgets with the process. They are bound again when all that JNA
 * needs for it is there. It hangs on the object by which JNA frees what it has when it is unloaded, of which there is one as well.
 */
final class JnaDirectMappingCodec implements ObjectCodec<Object> {
    private static final int PAIR = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().startsWith(JnaCodec.NATIVE + '$')
                && type.isAnonymousClass()
                && type.getSuperclass() == Object.class
                && type.getInterfaces().length == 0;
    }

    @Override
    public Object[] capture(Object anchor) {
        List<Object> bound = new ArrayList<>();
        Object libraries = Slot.of(JnaCodec.natives(anchor.getClass()), "registeredLibraries")
                .get(null);
        if (libraries instanceof Map<?, ?> byClass) {
            byClass.forEach((type, library) -> bound.addAll(List.of(type, library)));
        }
        return new Object[] {FieldState.capture(anchor, Set.of()), bound.toArray()};
    }

    @Override
    public void restore(Object anchor, Object[] state) throws NotRestorableException {
        FieldState.restore(anchor, state[0]);
        Object[] bound = (Object[]) state[1];
        for (int i = 0; i + PAIR <= bound.length; i += PAIR) {
            Object library = bound[i + 1];
            HiddenMethod register =
                    HiddenMethod.of(JnaCodec.natives(anchor.getClass()), "register", Class.class, library.getClass());
            try {
                register.call(null, bound[i], library);
            } catch (UnsatisfiedLinkError missing) {
                throw new NotRestorableException(
                        "cannot bind the native methods of " + bound[i] + " again: " + missing.getMessage()
                                + "; resume on a machine that has the same library",
                        missing);
            }
        }
    }

    @Override
    public int order() {
        return RestoreOrder.BOUND_METHODS;
    }
}
