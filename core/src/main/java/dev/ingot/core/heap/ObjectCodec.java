package dev.ingot.core.heap;

import org.jspecify.annotations.Nullable;

/**
 * Saves and re-creates the state of objects that a field-by-field copy cannot carry: native handles, links into JVM-wide
 * structures, layouts that differ between JDK versions.
 *
 * <p>The object is allocated without running a constructor, so that everything may refer to it. {@link #restore} is called
 * after all objects are allocated and all plain objects are filled. Codecs run in ascending {@link #order()}, in the order of
 * the image within one order. Implementations are thread-safe and keep nothing, but for what holds while one image is written.
 *
 * @param <T> the type whose state is carried
 */
public interface ObjectCodec<T> {

    /** Whether this codec takes objects of exactly {@code type}. Asked once per class, most specific codec first. */
    boolean accepts(Class<?> type);

    /**
     * Names the state to carry; the array and everything reachable from it becomes part of the graph.
     *
     * @throws NotCapturableException if the state cannot be part of an image; the message names it and the remedy
     */
    Object[] capture(T object) throws NotCapturableException;

    /**
     * Sets the state of {@code object}, whose fields are all zero.
     *
     * @throws NotRestorableException if the state cannot be had in this JVM; the message names it and the remedy
     */
    void restore(T object, Object[] state) throws NotRestorableException;

    /**
     * The superclass whose fields, with those of its own superclasses, this codec carries; fields that subclasses declare are
     * copied one by one like those of any plain object, and are filled before {@link #restore} is called. {@code null} means
     * the codec carries every field of the object.
     *
     * <p>So a subclass of {@code Thread} keeps its own fields although the fields of {@code Thread} itself are re-created.
     */
    default @Nullable Class<?> stateOf() {
        return null;
    }

    /** Position among codecs at restore: lower goes first. A codec that needs another codec's object restored goes later. */
    default int order() {
        return 0;
    }
}
