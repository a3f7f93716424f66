package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends requests to a pool over its socket: HTTP/1.1 with JSON, one request a connection. Thread-safe.
 *
 * <p>Because an answer ends with its connection, all there is to understand of it is the status line and where the head ends, for
 * which a library would cost a cold command more time than the request.
 */
public final class PoolClient {
    private static final int OK = 200;
    private static final int MAX_ANSWER_BYTES = 256 << 20;
    private static final String HEAD_END = "\r\n\r\n";

    private final Path socket;
    private final Duration limit;

    /** @param limit how long to wait for an answer */
    public PoolClient(Path socket, Duration limit) {
        this.socket = socket;
        this.limit = limit;
    }

    /** Asks for {@code path}; the answer is JSON. */
    public JsonObject get(String path) throws PoolException {
        return json(exchange("GET", path, ""));
    }

    /** Sends a JSON object to {@code path}; the answer is JSON. */
    public JsonObject post(String path, String body) throws PoolException {
        return json(exchange("POST", path, body));
    }

    private JsonObject json(byte[] body) throws PoolException {
        try {
            return JsonObject.parse(new String(body, StandardCharsets.UTF_8));
        } catch (JsonException malformed) {
            throw new PoolException("the pool at " + socket + " answered something this command does not understand: "
                    + malformed.getMessage() + "; use the 'ingot' command that it was started with");
        }
    }

    private byte[] exchange(String method, String path, String body) throws PoolException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: pool\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + content.length + HEAD_END;
        byte[] answer;
        try {
            answer = exchange(head.getBytes(StandardCharsets.ISO_8859_1), content);
        } catch (IOException failure) {
            throw new PoolException(
                    "cannot reach the pool at " + socket + ": " + failure.getMessage()
                            + "; 'ingot up' starts one, --pool names another",
                    failure);
        }
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(HEAD_END);
        int status = end < 0 ? 0 : Integer.parseInt(text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        if (end < 0) {
            throw new PoolException("the pool at " + socket + " broke off its answer", new IOException("no head"));
        }
        byte[] rest = java.util.Arrays.copyOfRange(answer, end + HEAD_END.length(), answer.length);
        if (status != OK) {
            throw refusal(status, rest);
        }
        return rest;
    }

    private PoolException refusal(int status, byte[] body) throws PoolException {
        try {
            return new PoolException(json(body).string("error"));
        } catch (JsonException unexplained) {
            return new PoolException("the pool at " + socket + " answered with status " + status);
        }
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
