package dev.ingot.core.library;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Saves objects by the codecs that the program provides. Stands last among the codecs: those of Ingot come first.
 *
 * <p>The state of an object is the program's codec itself, which the image thereby carries, and the bytes it wrote. So a
 * resume need not look for providers, and their classes are as the program left them.
 */
public final class ProgramCodecs implements ObjectCodec<Object> {
    private static final String SERVICE = "META-INF/services/dev.ingot.api.CodecProvider";
    private static final String LINKS = "dev.ingot.api.CodecLinks";

    private final @Nullable Map<Class<?>, BiFunction<Boolean, Object, Object>> links;

    private ProgramCodecs(@Nullable Map<Class<?>, BiFunction<Boolean, Object, Object>> links) {
        this.links = links;
    }

    /**
     * The codecs for a checkpoint. Runs code of the program: called before its threads are stopped.
     *
     * @param loaders the class loaders in which providers are looked for
     * @throws NotCapturableException if a provider fails, or two name the same class
     */
    public static ProgramCodecs find(Iterable<ClassLoader> loaders) throws NotCapturableException {
        Map<Class<?>, BiFunction<Boolean, Object, Object>> links = new HashMap<>();
        for (ClassLoader loader : loaders) {
            if (loader.getResource(SERVICE) != null) {
                links.putAll(linksOf(loader));
            }
        }
        return new ProgramCodecs(links);
    }

    /** The codecs for a resume, for whatever no other codec claims. */
    public static ProgramCodecs ofImage() {
        return new ProgramCodecs(null);
    }

    @SuppressWarnings("unchecked") // What CodecLinks.find is declared to return.
    private static Map<Class<?>, BiFunction<Boolean, Object, Object>> linksOf(ClassLoader loader)
            throws NotCapturableException {
        try {
            Method find = Class.forName(LINKS, true, loader).getDeclaredMethod("find", ClassLoader.class);
            find.setAccessible(true);
            return (Map<Class<?>, BiFunction<Boolean, Object, Object>>) find.invoke(null, loader);
        } catch (InvocationTargetException e) {
            throw new NotCapturableException(
                    "cannot find the program's codecs: a provider named in " + SERVICE + " failed", e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new NotCapturableException(
                    "cannot find the program's codecs: " + SERVICE
                            + " is on the class path, but the library that defines it, or Kryo, is not",
                    e);
        }
    }

    @Override
    public boolean accepts(Class<?> type) {
        return links == null || links.containsKey(type);
    }

    @Override
    public Object[] capture(Object object) throws NotCapturableException {
        BiFunction<Boolean, Object, Object> link = links == null ? null : links.get(object.getClass());
        if (link == null) {
            throw new NotCapturableException(
                    "cannot capture a " + object.getClass().getName() + ": it has no codec");
        }
        try {
            return new Object[] {link, link.apply(true, object)};
        } catch (RuntimeException e) {
            throw new NotCapturableException(
                    "cannot capture a " + object.getClass().getName() + ": the program's codec failed", e);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // What capture() put there.
    public void restore(Object object, Object[] state) throws NotRestorableException {
        Object read;
        try {
            read = ((BiFunction<Boolean, Object, Object>) state[0]).apply(false, state[1]);
        } catch (RuntimeException e) {
            throw new NotRestorableException(
                    "cannot restore a " + object.getClass().getName() + ": the program's codec failed", e);
        }
        if (read == null || read.getClass() != object.getClass()) {
            throw new NotRestorableException("cannot restore a "
                    + object.getClass().getName()
                    + ": the program's codec read "
                    + (read == null ? "null" : "a " + read.getClass().getName()) + "; it must read what it wrote");
        }
        FieldCopy.copy(read, object);
    }

    /** The program's codec may use anything, so everything else is restored before. */
    @Override
    public int order() {
        return Integer.MAX_VALUE;
    }
}
