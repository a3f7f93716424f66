package dev.ingot.core.jdk.io;

import dev.ingot.core.jdk.access.Slot;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.HashSet;
import java.util.Set;

/** What all channels over a socket or pipe have in common. */
final class ChannelFields {
    private static final String NUMBER = "fdVal";
    /** Set where a virtual thread blocks, which it does without the kernel. */
    private static final String FORCED_NON_BLOCKING = "forcedNonBlocking";

    private static final Slot NON_BLOCKING = Slot.of(AbstractSelectableChannel.class, "nonBlocking");

    private ChannelFields() {}

    /** The fields to carry, but for those named and those that belong to this process. */
    static Object[] capture(SelectableChannel channel, String... except) {
        Set<String> left = new HashSet<>(Set.of(except));
        left.add(NUMBER);
        Blocked.addNative(channel, left);
        left.addAll(ChannelInterruptor.FIELDS);
        if (!channel.isOpen()) {
            // It keeps a number that is another file's by now.
            left.add("fd");
        }
        return FieldState.capture(channel, left);
    }

    /** Sets the fields; the channel has no descriptor yet. */
    static void restore(SelectableChannel channel, Object fields) {
        FieldState.restore(channel, fields);
        ChannelInterruptor.renew((AbstractInterruptibleChannel) channel);
        Slot.of(channel.getClass(), "fdVal").put(channel, -1);
        Slot descriptor = Slot.of(channel.getClass(), "fd");
        if (descriptor.get(channel) == null) {
            descriptor.put(channel, new FileDescriptor());
        }
    }

    static int number(SelectableChannel channel) {
        return RawDescriptor.number(descriptor(channel));
    }

    static void adopt(SelectableChannel channel, RawDescriptor raw) throws IOException {
        Slot forced = Slot.find(channel.getClass(), FORCED_NON_BLOCKING);
        raw.setBlocking(!NON_BLOCKING.getBoolean(channel) && (forced == null || !forced.getBoolean(channel)));
        raw.lendTo(descriptor(channel));
        Slot.of(channel.getClass(), "fdVal").put(channel, raw.number());
    }

    static FileDescriptor descriptor(SelectableChannel channel) {
        Object descriptor = Slot.of(channel.getClass(), "fd").get(channel);
        if (descriptor == null) {
            throw new IllegalStateException("a channel of " + channel.getClass().getName() + " has no descriptor");
        }
        return (FileDescriptor) descriptor;
    }

    /** A channel that was being closed while a selector still knew it has nothing left to close after a resume. */
    static void markClosed(SelectableChannel channel, int closed) {
        Slot.of(channel.getClass(), "state").put(channel, closed);
    }
}
