package dev.ingot.core.jdk.text;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collators without what they make at need and keep to use it again, which is otherwise in later JDKs. */
final class CollatorCodec implements ObjectCodec<Object> {
    private static final Set<String> KEPT_FOR_USE =
            Set.of("primResult", "secResult", "terResult", "sourceCursor", "targetCursor");

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("java.text.RuleBasedCollator");
    }

    @Override
    public @Nullable Object[] capture(Object collator) {
        return FieldState.capture(collator, KEPT_FOR_USE);
    }

    @Override
    public void restore(Object collator, @Nullable Object[] state) {
        FieldState.restore(collator, state);
    }
}
