package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * Groups of asynchronous channels: the kernel's part is made anew. Their threads are among the program's, and stand where they wait for the kernel
 * or in a completion handler. The channels make themselves known to their group again ({@link #join}).
 */
final class AsynchronousGroupCodec implements ObjectCodec<AsynchronousChannelGroup> {
    private static final Set<String> OF_THIS_PROCESS = Set.of("epfd", "address", "sp", "fdToChannel");
    private static final int FIELDS = 0;
    private static final int WAKEUP = 1;
    /** As the kernel numbers the events of {@code poll(2)}, the same on every processor. */
    static final int READABLE = 1;

    static final int WRITABLE = 4;
    /** Bytes of one event as the kernel tells it, at most, times how many are asked for. */
    private static final long EVENTS_BYTES = 12L * 512;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.EPollPort");
    }

    @Override
    public Object[] capture(AsynchronousChannelGroup group) {
        // Nobody else may hold a channel on which an operation is under way.
        Object[] channels = ((Map<?, ?>) Objects.requireNonNull(Fields.CHANNELS.get(group)))
                .values()
                .toArray();
        return new Object[] {FieldState.capture(group, OF_THIS_PROCESS), channels};
    }

    @Override
    public void restore(AsynchronousChannelGroup group, Object[] state) throws NotRestorableException {
        FieldState.restore(group, state[FIELDS]);
        Fields.CHANNELS.put(group, new HashMap<>());
        if (Fields.CLOSED.getBoolean(group)) {
            return;
        }
        try {
            Object donor = Objects.requireNonNull(Fields.NEW.call(null, group.provider(), Fields.POOL.get(group)));
            Fields.EPOLL.put(group, Fields.EPOLL.get(donor));
            Fields.EVENTS.put(group, Fields.EVENTS.get(donor));
            Fields.WAKEUP_PIPE.put(group, Fields.WAKEUP_PIPE.get(donor));
            // A thread that was captured when it had events, but had not looked at them, finds none now; the kernel
            // tells them again.
            Unsafe.getUnsafe().setMemory(Fields.EVENTS.getLong(group), EVENTS_BYTES, (byte) 0);
            if (((AtomicInteger) Objects.requireNonNull(Fields.WAKEUPS.get(group))).get() > 0) {
                int[] pipe = (int[]) Objects.requireNonNull(Fields.WAKEUP_PIPE.get(group));
                new RawDescriptor(pipe[WAKEUP]).write(new byte[1]);
            }
        } catch (IOException e) {
            throw new NotRestorableException("cannot make a group of asynchronous channels anew: " + e.getMessage(), e);
        }
    }

    /** After the thread pools, before the channels. */
    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    /**
     * Gives {@code channel} its socket, and lets the group that it belongs to, which is restored, know it and look for {@code events} if
     * there are any.
     *
     * @param descriptor the channel's own
     * @param number where the channel keeps the number of its descriptor
     */
    @SuppressWarnings("unchecked") // the field's declared type
    static void join(
            @Nullable Object group,
            Object channel,
            @Nullable Object descriptor,
            Slot number,
            RawDescriptor socket,
            int events)
            throws IOException {
        socket.setBlocking(false);
        socket.lendTo((FileDescriptor) Objects.requireNonNull(descriptor));
        number.put(channel, socket.number());
        ((Map<Integer, Object>) Objects.requireNonNull(Fields.CHANNELS.get(Objects.requireNonNull(group))))
                .put(socket.number(), channel);
        if (events != 0) {
            Fields.START_POLL.call(group, socket.number(), events);
        }
    }

    /** Resolved at the first group met. */
    private static final class Fields {
        private static final Class<?> PORT = JdkClass.of("sun.nio.ch.EPollPort");
        static final Slot CLOSED = Slot.of(PORT, "closed");
        static final Slot EPOLL = Slot.of(PORT, "epfd");
        static final Slot EVENTS = Slot.of(PORT, "address");
        static final Slot WAKEUP_PIPE = Slot.of(PORT, "sp");
        static final Slot WAKEUPS = Slot.of(PORT, "wakeupCount");
        static final Slot CHANNELS = Slot.of("sun.nio.ch.Port", "fdToChannel");
        static final Slot POOL = Slot.of("sun.nio.ch.AsynchronousChannelGroupImpl", "pool");
        static final JdkCall NEW =
                JdkCall.constructor(PORT, AsynchronousChannelProvider.class, JdkClass.of("sun.nio.ch.ThreadPool"));
        static final JdkCall START_POLL = JdkCall.of(PORT, "startPoll", int.class, int.class);

        private Fields() {}
    }
}
