package dev.ingot.core.heap;

/**
 * Describes objects that a fresh JVM looks up or makes from leaf data alone, such as a {@code Method} or a {@code Charset}.
 *
 * <p>Resolution happens while objects are allocated, before any field is set; the description therefore holds only
 * {@code null}, strings, boxed primitives, primitive arrays, {@code Class} objects, other resolved objects and arrays of
 * these. Implementations are stateless and thread-safe.
 *
 * @param <T> the type described
 */
public interface ObjectResolver<T> {

    /** Whether this resolver takes objects of exactly {@code type}. Asked once per class, most specific resolver first. */
    boolean accepts(Class<?> type);

    /**
     * Describes {@code object} by leaf data.
     *
     * @return the parts handed to {@link #resolve}
     * @throws NotCapturableException if the object holds something an image cannot carry
     */
    Object[] describe(T object) throws NotCapturableException;

    /**
     * Finds or makes the object in this JVM.
     *
     * @throws NotRestorableException if this JVM has no such thing; the message names it and the remedy
     */
    T resolve(Class<?> type, Object[] description) throws NotRestorableException;
}
