package dev.ingot.core.jdk.access;

import dev.ingot.core.heap.NotRestorableException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a description by type. A part of another type means a damaged image. */
public final class Parts {
    private final String subject;
    private final @Nullable Object[] parts;

    /** Reads {@code parts}; {@code subject} names in messages what they describe. */
    public Parts(String subject, @Nullable Object[] parts) {
        this.subject = subject;
        this.parts = parts;
    }

    /** The part at {@code index}. */
    public <T> T get(int index, Class<T> type) throws NotRestorableException {
        Object part = index < parts.length ? parts[index] : null;
        if (type.isInstance(part)) {
            return type.cast(part);
        }
        throw new NotRestorableException(
                "cannot restore a " + subject + ": part " + index + " of its description should be a "
                        + type.getSimpleName() + " but is " + part + "; the image is damaged, take another");
    }

    /** The part at {@code index}, which may be null. */
    public <T> @Nullable T find(int index, Class<T> type) throws NotRestorableException {
        return index < parts.length && parts[index] != null ? get(index, type) : null;
    }

    /** Classes stand in an {@code Object[]}, whatever array type the image gave them. */
    public Class<?>[] classes(int index) throws NotRestorableException {
        Object[] classes = get(index, Object[].class);
        return Arrays.copyOf(classes, classes.length, Class[].class);
    }
}
