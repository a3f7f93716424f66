package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import org.jspecify.annotations.Nullable;

/**
 * The container in which a pool of platform threads is shown to tools, since version 19. It joins the JVM's registry again
 * and finds its threads by asking each.
 */
final class ThreadContainerCodec implements ObjectCodec<Object> {
    private static final int NAME = 0;
    private static final int CLOSED = 1;

    private static final String TYPE = "jdk.internal.vm.SharedThreadContainer";

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals(TYPE);
    }

    @Override
    public @Nullable Object[] capture(Object container) {
        return new @Nullable Object[] {
            Slot.of(TYPE, "name").get(container), Slot.of(TYPE, "closed").get(container)
        };
    }

    @Override
    public void restore(Object container, @Nullable Object[] state) {
        Slot.of(TYPE, "name").put(container, state[NAME]);
        Slot.of(TYPE, "closed").put(container, state[CLOSED]);
        if (!Boolean.TRUE.equals(state[CLOSED])) {
            HiddenMethod register = HiddenMethod.of(
                    JdkClass.of("jdk.internal.vm.ThreadContainers"),
                    "registerContainer",
                    JdkClass.of("jdk.internal.vm.ThreadContainer"));
            Slot.of(TYPE, "key").put(container, register.call(null, container));
        }
    }
}
