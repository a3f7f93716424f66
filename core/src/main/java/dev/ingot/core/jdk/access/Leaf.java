package dev.ingot.core.jdk.access;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import org.jspecify.annotations.Nullable;

/**
 * A resolver for one type, known by name: it neither loads nor initialises the type until it meets an object of it, and its
 * subclasses are no lambdas, as it is made whenever a JVM starts from an image.
 *
 * @param <T> the type described
 */
public abstract class Leaf<T> implements ObjectResolver<T> {
    private final String type;
    private final Range range;

    protected Leaf(String type, Range range) {
        this.type = type;
        this.range = range;
    }

    /** Which objects a leaf takes. */
    public enum Range {
        /** Those of exactly the type. */
        TYPE,
        /** Those of its subclasses too. */
        SUBTYPES,
        /** Those of its subclasses too, if they came with the JDK. */
        JDK_SUBTYPES
    }

    @Override
    public final boolean accepts(Class<?> candidate) {
        return switch (range) {
            case TYPE -> candidate.getName().equals(type);
            case SUBTYPES -> JdkClass.isSubtype(candidate, type);
            case JDK_SUBTYPES -> JdkClass.isJdk(candidate) && JdkClass.isSubtype(candidate, type);
        };
    }

    @Override
    public abstract @Nullable Object[] describe(T object) throws NotCapturableException;

    @Override
    public final T resolve(Class<?> candidate, @Nullable Object[] description) throws NotRestorableException {
        try {
            return find(new Parts(type, description));
        } catch (RuntimeException e) {
            throw new NotRestorableException(
                    "cannot restore a " + type + ": this JVM says " + e.getMessage()
                            + "; resume on a JDK that has it, or with the same options",
                    e);
        }
    }

    /** Finds or makes an object from the parts of its description; an unchecked exception means that this JVM has none. */
    protected abstract T find(Parts parts) throws NotRestorableException;
}
