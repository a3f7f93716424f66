package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Method handles put together from others: their type and their lambda form, or, of a {@link BoundArgument}, how they are made again. What they
 * are bound to lies in fields of their own classes, which are copied like those of any object. Caches start anew.
 */
final class ComposedHandleCodec implements ObjectCodec<MethodHandle> {
    /** Before lambda forms, which ask the handles they call for their types. */
    static final int ORDER = LambdaFormCodec.ORDER - 1;

    private static final int VERSION = 0;
    private static final int TYPE = 1;
    private static final int FORM = 2;

    private static final Slot TYPE_FIELD = Slot.of(MethodHandle.class, "type");
    private static final Slot FORM_FIELD = Slot.of(MethodHandle.class, "form");

    @Override
    public boolean accepts(Class<?> type) {
        return MethodHandle.class.isAssignableFrom(type);
    }

    @Override
    public Class<?> stateOf() {
        return MethodHandle.class;
    }

    @Override
    public int order() {
        return ORDER;
    }

    @Override
    public @Nullable Object[] capture(MethodHandle handle) throws NotCapturableException {
        if (!isKnown(handle.getClass())) {
            throw new NotCapturableException("cannot capture the method handle " + handle + ", a "
                    + handle.getClass().getName()
                    + ": it calls code outside the Java heap; let go of it before the checkpoint");
        }
        int bound = BoundArgument.position(handle);
        return new @Nullable Object[] {
            Runtime.version().feature(),
            handle.type(),
            bound < 0 ? LambdaFormCodec.shared(FORM_FIELD.get(handle)) : bound
        };
    }

    private static boolean isKnown(Class<?> type) {
        return JdkClass.isSubtype(type, "java.lang.invoke.BoundMethodHandle")
                || JdkClass.isSubtype(type, "java.lang.invoke.DelegatingMethodHandle");
    }

    @Override
    public void restore(MethodHandle handle, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("method handle", state);
        MethodType type = parts.get(TYPE, MethodType.class);
        Object form = parts.get(FORM, Object.class);
        if (form instanceof Integer bound) {
            MethodHandle like = BoundArgument.like(handle, bound);
            TYPE_FIELD.put(handle, like.type());
            FORM_FIELD.put(handle, FORM_FIELD.get(like));
            return;
        }
        int version = parts.get(VERSION, Integer.class);
        if (version != Runtime.version().feature()) {
            throw new NotRestorableException("cannot restore the method handle " + type
                    + ", which is put together from others: how that is done differs between JDK " + version
                    + ", where the image was taken, and " + Runtime.version().feature() + "; resume on JDK " + version);
        }
        TYPE_FIELD.put(handle, type);
        FORM_FIELD.put(handle, form);
    }
}
