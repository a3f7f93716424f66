package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.io.FieldState;
import java.lang.invoke.VarHandle;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Variable handles to memory segments, and those put together from others. Caches start anew. */
final class ComposedVarHandleCodec implements ObjectCodec<VarHandle> {
    private static final Set<String> CACHES = Set.of("methodTypeTable", "methodHandleTable");
    private static final int VERSION = 0;
    private static final int FIELDS = 1;

    /** Whether handles of the class are carried here and not by {@link VarHandleResolver}. */
    static boolean takes(Class<?> type) {
        String name = type.getName();
        return name.equals("java.lang.invoke.IndirectVarHandle")
                || name.equals("java.lang.invoke.SegmentVarHandle")
                || name.startsWith("java.lang.invoke.VarHandleSegmentAs");
    }

    @Override
    public boolean accepts(Class<?> type) {
        return takes(type);
    }

    @Override
    public @Nullable Object[] capture(VarHandle handle) {
        return new @Nullable Object[] {Runtime.version().feature(), FieldState.capture(handle, CACHES)};
    }

    @Override
    public void restore(VarHandle handle, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("variable handle", state);
        int version = parts.get(VERSION, Integer.class);
        if (version != Runtime.version().feature()) {
            throw new NotRestorableException(
                    "cannot restore a variable handle to memory segments, or put together from others: how"
                            + " that is done differs between JDK " + version + ", where the image was taken, and "
                            + Runtime.version().feature() + "; resume on JDK " + version);
        }
        FieldState.restore(handle, parts.get(FIELDS, Object[].class));
    }
}
