package dev.ingot.core.jdk.collection;

import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jdk.io.FieldState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Spliterators over arrays. Later JDKs remember an estimate of the size where they do not know it; before, it was always known. */
final class ArraySpliteratorCodec implements ObjectCodec<Object> {
    private static final Set<String> TYPES = Set.of(
            "java.util.Spliterators$ArraySpliterator",
            "java.util.Spliterators$DoubleArraySpliterator",
            "java.util.Spliterators$IntArraySpliterator",
            "java.util.Spliterators$LongArraySpliterator");

    private static final long KNOWN = -1;

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isJdk(type) && TYPES.contains(type.getName());
    }

    @Override
    public Object[] capture(Object spliterator) {
        return FieldState.capture(spliterator, Set.of());
    }

    @Override
    public void restore(Object spliterator, @Nullable Object[] state) {
        Slot estimate = Slot.find(spliterator.getClass(), "estimatedSize");
        if (estimate != null) {
            estimate.put(spliterator, KNOWN);
        }
        FieldState.restore(spliterator, state);
    }
}
