package dev.ingot.core.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The server's end of one client's connection. Everything but {@link #outbox} belongs to the server's thread. */
final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Outbox outbox = new Outbox();
    private final ByteBuffer input = ByteBuffer.allocate(Messages.MAX_REQUEST_BYTES);

    Connection(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    Outbox outbox() {
        return outbox;
    }

    /**
     * Reads what has come.
     *
     * @return the complete lines among it
     * @throws IOException if the client is gone or sent a line that is too long
     */
    List<String> readLines() throws IOException {
        if (channel.read(input) < 0) {
            throw new IOException("the client closed the connection");
        }
        List<String> lines = new ArrayList<>();
        input.flip();
        int start = 0;
        for (int i = 0; i < input.limit(); i++) {
            if (input.get(i) == '\n') {
                lines.add(new String(input.array(), start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        input.position(start);
        input.compact();
        if (!input.hasRemaining()) {
            throw new IOException("a request is longer than " + Messages.MAX_REQUEST_BYTES + " bytes");
        }
        return lines;
    }

    /** Sends what can be sent now and asks to be called again for the rest. */
    void send() throws IOException {
        boolean everythingSent = outbox.writeTo(channel);
        key.interestOps(everythingSent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    void close() throws IOException {
        outbox.close();
        key.cancel();
        channel.close();
    }
}
