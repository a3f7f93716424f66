package dev.ingot.accelerator.operation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of an operation's scalars, by name. Immutable. */
public final class Scalars {
    /** For an operation without scalars. */
    public static final Scalars NONE = new Scalars(Map.of());

    private final Map<String, Number> values;

    private Scalars(Map<String, Number> values) {
        this.values = values;
    }

    /** One value; a {@code Long} or a {@code Float}. */
    public static Scalars of(String name, Number value) {
        return NONE.and(name, value);
    }

    /** These and one more, or another one of the same name. */
    public Scalars and(String name, Number value) {
        if (!(value instanceof Long) && !(value instanceof Float)) {
            throw new IllegalArgumentException("scalar " + name + " must be a long or a float, not " + value);
        }
        Map<String, Number> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Scalars(Collections.unmodifiableMap(more));
    }

    /** The long of this name; its absence is an error of the caller's. */
    public long integer(String name) {
        if (values.get(name) instanceof Long value) {
            return value;
        }
        throw new IllegalArgumentException("there is no long scalar '" + name + "' in " + values);
    }

    /** The float of this name; its absence is an error of the caller's. */
    public float real(String name) {
        if (values.get(name) instanceof Float value) {
            return value;
        }
        throw new IllegalArgumentException("there is no float scalar '" + name + "' in " + values);
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
