package dev.ingot.scheduler.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * Through a pool's socket, one request a connection.
 *
 * <p>Because an answer ends with its connection, all there is to understand of it is its head, for which a library would cost a cold
 * command more time than the request.
 */
final class SocketTransport implements Transport {
    private static final int MAX_ANSWER_BYTES = 256 << 20;
    private static final int MAX_HEAD_BYTES = 64 << 10;
    private static final String HEAD_END = "\r\n\r\n";
    private static final int STATUS_PLACE = "HTTP/1.1 ".length();
    private static final int STATUS_LENGTH = 3;

    private final Path socket;
    private final Duration limit;

    SocketTransport(Path socket, Duration limit) {
        this.socket = socket;
        this.limit = limit;
    }

    @Override
    public String place() {
        return socket.toString();
    }

    @Override
    public Answer exchange(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        byte[] answer = exchange(head(method, path, headers, body.length), body);
        int end = headEnd(answer, answer.length);
        if (end < 0) {
            throw new IOException("it broke off its answer");
        }
        return parse(answer, end);
    }

    private static byte[] head(String method, String path, Map<String, String> headers, int length) {
        StringBuilder head =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: pool\r\nConnection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("Content-Length: ")
                .append(length)
                .append(HEAD_END)
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int headEnd(byte[] answer, int length) {
        for (int i = 0; i <= length - HEAD_END.length(); i++) {
            if (answer[i] == '\r' && answer[i + 1] == '\n' && answer[i + 2] == '\r' && answer[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Answer parse(byte[] answer, int end) throws IOException {
        String first = new String(answer, 0, end, StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        try {
            int status = Integer.parseInt(first.substring(STATUS_PLACE, STATUS_PLACE + STATUS_LENGTH));
            byte[] body = Arrays.copyOfRange(answer, end + HEAD_END.length(), answer.length);
            return new Answer(status, body);
        } catch (NumberFormatException | StringIndexOutOfBoundsException malformed) {
            throw new IOException("it answers with '" + first + "'", malformed);
        }
    }

    @Override
    public InputStream open(String path) throws IOException, PoolException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = ByteBuffer.wrap(head("GET", path, Map.of(), 0));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            InputStream in = Channels.newInputStream(channel);
            Answer head = readHead(in);
            if (head.status() != PoolClient.OK) {
                throw PoolClient.refusal(place(), head.status(), in.readNBytes(MAX_HEAD_BYTES));
            }
            return in;
        } catch (IOException | PoolException failure) {
            channel.close();
            throw failure;
        }
    }

    private static Answer readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (head.size() < MAX_HEAD_BYTES) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.write(next);
            int end = next == '\n' ? headEnd(head.toByteArray(), head.size()) : -1;
            if (end >= 0) {
                return parse(head.toByteArray(), end);
            }
        }
        throw new IOException("it broke off its answer");
    }

    private byte[] exchange(byte[] head, byte[] content) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_WRITE);
            ByteBuffer request = ByteBuffer.allocate(head.length + content.length);
            request.put(head).put(content).flip();
            while (request.hasRemaining()) {
                if (channel.write(request) == 0) {
                    await(selector, deadline);
                }
            }
            key.interestOps(SelectionKey.OP_READ);
            return readAll(channel, selector, deadline);
        }
    }

    private static byte[] readAll(SocketChannel channel, Selector selector, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
        int read = channel.read(buffer);
        while (read >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (answer.size() > MAX_ANSWER_BYTES) {
                throw new IOException("it answers with more than " + MAX_ANSWER_BYTES + " bytes");
            }
            if (read == 0) {
                await(selector, deadline);
            }
            read = channel.read(buffer);
        }
        return answer.toByteArray();
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new IOException("it does not answer");
        }
        selector.select(millis);
        selector.selectedKeys().clear();
    }
}
