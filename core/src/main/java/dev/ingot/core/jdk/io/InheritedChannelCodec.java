package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.ObjectCodec;

/** A channel that a superserver has handed over: nobody could open it anew. */
final class InheritedChannelCodec implements ObjectCodec<Object> {
    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.InheritedChannel$InheritedSocketChannelImpl");
    }

    @Override
    public Object[] capture(Object channel) throws NotCapturableException {
        throw new NotCapturableException(
                "cannot carry a channel inherited from inetd: its state is the operating system's; close it before the checkpoint");
    }

    @Override
    public void restore(Object channel, Object[] state) {
        throw new IllegalStateException("no image holds one");
    }
}
