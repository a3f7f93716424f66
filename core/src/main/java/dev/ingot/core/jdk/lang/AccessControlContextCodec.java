package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.security.AccessControlContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Access-control contexts: all fields of one that can be noticed, nothing of any other, which then means no restriction.
 *
 * <p>A context notes the protection domains that were on a stack, so almost every program holds one for every loader and
 * thread it made, and with them half its class path. Without a security manager nobody asks it for permission.
 */
@SuppressWarnings("removal")
final class AccessControlContextCodec implements ObjectCodec<AccessControlContext> {
    private static final Slot COMBINER = Slot.of(AccessControlContext.class, "combiner");

    /** Whether a security subject is handed on through {@code context}. */
    static boolean isNoticeable(Object context) {
        return COMBINER.get(context) != null || System.getSecurityManager() != null;
    }

    @Override
    public boolean accepts(Class<?> type) {
        return type == AccessControlContext.class;
    }

    @Override
    public @Nullable Object[] capture(AccessControlContext context) {
        List<@Nullable Object> pairs = new ArrayList<>();
        if (isNoticeable(context)) {
            for (var field : Slot.declaredFields(AccessControlContext.class)) {
                if (!java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                    pairs.add(field.getName());
                    pairs.add(Slot.of(field).get(context));
                }
            }
        }
        return pairs.toArray();
    }

    /** Fields that this JDK has no more concern permissions, which it does not check. */
    @Override
    public void restore(AccessControlContext context, @Nullable Object[] state) {
        for (int i = 0; i + 1 < state.length; i += 2) {
            Slot slot = Slot.find(AccessControlContext.class, String.valueOf(state[i]));
            if (slot != null) {
                slot.put(context, state[i + 1]);
            }
        }
    }
}
