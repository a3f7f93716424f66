package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.Slot;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Open resources that no image can carry; closed ones are ordinary objects. */
final class RefusedCodec implements ObjectCodec<Object> {
    private static final List<Refusal> REFUSALS = List.of(
            new Refusal(
                    "sun.nio.ch.UnixAsynchronousSocketChannelImpl",
                    "closed",
                    "remoteAddress",
                    "an AsynchronousSocketChannel"),
            new Refusal(
                    "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl",
                    "closed",
                    "localAddress",
                    "an AsynchronousServerSocketChannel"),
            new Refusal("sun.nio.ch.EPollPort", "terminateInitiated", null, "the group of an asynchronous channel"),
            new Refusal(
                    "sun.nio.ch.InheritedChannel$InheritedSocketChannelImpl",
                    null,
                    null,
                    "a channel inherited from inetd"));

    /**
     * One kind of resource.
     *
     * @param type its class
     * @param closed the field, by way of which others, that is true or non-zero once it is closed; null if it never is
     * @param subject the field that names it, null if none does
     * @param what what a user calls it
     */
    private record Refusal(
            String type, @Nullable String closed, @Nullable String subject, String what) {}

    @Override
    public boolean accepts(Class<?> type) {
        return type.getClassLoader() == null && refusalOf(type) != null;
    }

    @Override
    public Object[] capture(Object resource) throws NotCapturableException {
        Refusal refusal = refusalOf(resource.getClass());
        if (refusal == null) {
            throw new IllegalArgumentException(resource.getClass().getName() + " is not a resource that is refused");
        }
        if (refusal.closed != null && isTrue(follow(resource, refusal.closed))) {
            return FieldState.capture(resource, Set.of());
        }
        Object subject = refusal.subject == null ? null : follow(resource, refusal.subject);
        throw new NotCapturableException("cannot carry " + refusal.what + (subject == null ? "" : " (" + subject + ")")
                + ": its state is the operating system's; close it before the checkpoint");
    }

    private static @Nullable Refusal refusalOf(Class<?> type) {
        for (Refusal refusal : REFUSALS) {
            if (refusal.type.equals(type.getName())) {
                return refusal;
            }
        }
        return null;
    }

    @Override
    public void restore(Object resource, Object[] state) {
        FieldState.restore(resource, state);
    }

    private static boolean isTrue(@Nullable Object flag) {
        return Boolean.TRUE.equals(flag) || (flag instanceof Integer number && number != 0);
    }

    private static @Nullable Object follow(Object start, String path) {
        Object at = start;
        for (String name : path.split("\\.", -1)) {
            if (at == null) {
                return null;
            }
            at = field(at, name);
        }
        return at;
    }

    private static @Nullable Object field(Object object, String name) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            Slot slot = Slot.find(type, name);
            if (slot != null) {
                return slot.get(object);
            }
        }
        return null;
    }
}
