package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** The two ends of a pipe, connected again with the bytes in it; see {@link Connection}. */
final class PipeEndCodec implements ObjectCodec<SelectableChannel> {
    private static final int CLOSED = 2;

    @Override
    public boolean accepts(Class<?> type) {
        return type.getName().equals("sun.nio.ch.SourceChannelImpl")
                || type.getName().equals("sun.nio.ch.SinkChannelImpl");
    }

    @Override
    public int order() {
        return RestoreOrder.CHANNEL;
    }

    @Override
    public Object[] capture(SelectableChannel channel) throws NotCapturableException {
        Object[] fields = ChannelFields.capture(channel);
        if (!channel.isOpen()) {
            return new @Nullable Object[] {fields, null};
        }
        try {
            boolean read = channel instanceof Pipe.SourceChannel;
            return new Object[] {
                fields, Connection.ofPipe(ChannelFields.number(channel), read).toState()
            };
        } catch (IOException e) {
            throw new NotCapturableException("cannot describe the end of a pipe: " + e.getMessage(), e);
        }
    }

    @Override
    public void restore(SelectableChannel channel, Object[] state) throws NotRestorableException {
        ChannelFields.restore(channel, state[0]);
        if (state[1] == null) {
            ChannelFields.markClosed(channel, CLOSED);
            return;
        }
        try {
            ChannelFields.adopt(channel, Connection.fromState(state[1]).restore());
        } catch (IOException e) {
            throw new NotRestorableException("cannot open a pipe again: " + e.getMessage(), e);
        }
    }
}
