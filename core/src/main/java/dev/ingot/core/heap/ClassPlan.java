package dev.ingot.core.heap;

import dev.ingot.core.jvm.Memory;
import org.jspecify.annotations.Nullable;

/**
 * How walks write the objects of one class, and how many the present one wrote. Between walks it does not hold on to the class.
 */
final class ClassPlan {
    final String typeName;
    final int number;
    final PlanKind kind;
    final PrimitiveFields primitives;
    final long[] references;
    /** The superclass whose fields a codec carries; null without one, the empty text if it carries all. */
    final @Nullable String carried;

    final int elementShift;
    final boolean isThrowable;

    @Nullable Class<?> type;

    @Nullable ObjectCodec<Object> codec;

    @Nullable ObjectResolver<Object> resolver;

    long objects;
    long bytes;

    ClassPlan(
            Class<?> type,
            int number,
            PlanKind kind,
            PrimitiveFields primitives,
            long[] references,
            @Nullable ObjectCodec<Object> codec) {
        this.typeName = type.getTypeName();
        this.number = number;
        this.kind = kind;
        this.primitives = primitives;
        this.references = references;
        this.carried = carried(codec);
        this.elementShift = kind == PlanKind.PRIMITIVE_ARRAY ? Memory.elementShift(type) : 0;
        this.isThrowable = Throwable.class.isAssignableFrom(type);
    }

    private static @Nullable String carried(@Nullable ObjectCodec<Object> codec) {
        if (codec == null) {
            return null;
        }
        Class<?> stateOf = codec.stateOf();
        return stateOf == null ? "" : stateOf.getName();
    }

    /** Whether the objects of the class would be written in this way with that codec or resolver. */
    boolean isFor(@Nullable ObjectCodec<Object> other, @Nullable ObjectResolver<Object> otherResolver) {
        return java.util.Objects.equals(carried, carried(other))
                && (kind == PlanKind.RESOLVED) == (otherResolver != null);
    }

    boolean isArray() {
        return kind == PlanKind.PRIMITIVE_ARRAY || kind == PlanKind.REFERENCE_ARRAY;
    }

    /** Begins a walk. */
    void begin(Class<?> itsType, @Nullable ObjectCodec<Object> itsCodec, @Nullable ObjectResolver<Object> itsResolver) {
        type = itsType;
        codec = itsCodec;
        resolver = itsResolver;
        objects = 0;
        bytes = 0;
    }

    /** Ends a walk. */
    void end() {
        type = null;
        codec = null;
        resolver = null;
    }
}
