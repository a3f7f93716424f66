package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/** How the objects of a class are written. The codes are part of the format. */
enum PlanKind {
    /** Fields, and the state a codec named, if any. */
    OBJECT(0),
    /** Fields of a class loader of the program. */
    LOADER(1),
    /** The same, of a loader that loads in parallel. */
    PARALLEL_LOADER(2),
    STRING(3),
    PRIMITIVE_ARRAY(4),
    REFERENCE_ARRAY(5),
    /** Description by leaf data. */
    RESOLVED(6),
    /** Static fields of a class. */
    STATICS(7),
    /** What a class was defined with: protection domain and class data. */
    ATTACHMENTS(8);

    private final int code;

    PlanKind(int code) {
        this.code = code;
    }

    /** The kind of that code, or null if there is none. */
    static @Nullable PlanKind of(int code) {
        for (PlanKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    /** What stands for it in a stream. */
    int code() {
        return code;
    }

    boolean isLoader() {
        return this == LOADER || this == PARALLEL_LOADER;
    }

    /** Whether the plan lists fields. */
    boolean hasFields() {
        return this == OBJECT || this == STATICS || isLoader();
    }
}
