package dev.ingot.core.heap;

import dev.ingot.core.jvm.Memory;
import org.jspecify.annotations.Nullable;

/** How a walk writes the objects of one class, and how many it wrote. */
final class ClassPlan {
    final Class<?> type;
    final int number;
    final PlanKind kind;
    final PrimitiveFields primitives;
    final long[] references;
    final @Nullable ObjectCodec<Object> codec;
    final @Nullable ObjectResolver<Object> resolver;
    final int elementShift;
    final boolean isThrowable;

    long objects;
    long bytes;

    ClassPlan(
            Class<?> type,
            int number,
            PlanKind kind,
            PrimitiveFields primitives,
            long[] references,
            @Nullable ObjectCodec<Object> codec,
            @Nullable ObjectResolver<Object> resolver) {
        this.type = type;
        this.number = number;
        this.kind = kind;
        this.primitives = primitives;
        this.references = references;
        this.codec = codec;
        this.resolver = resolver;
        this.elementShift = kind == PlanKind.PRIMITIVE_ARRAY ? Memory.elementShift(type) : 0;
        this.isThrowable = Throwable.class.isAssignableFrom(type);
    }
}
