package dev.ingot.scheduler.wire;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Sends requests to a pool: HTTP/1.1 with JSON. Thread-safe. */
public final class PoolClient {
    /** The header by which a request that is sent twice is known to be one. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    static final int OK = 200;
    private static final byte[] NOTHING = {};

    private final Transport transport;

    /**
     * Through the pool's socket.
     *
     * @param limit how long to wait for an answer
     */
    public PoolClient(Path socket, Duration limit) {
        this.transport = new SocketTransport(socket, limit);
    }

    /**
     * To a port.
     *
     * @param servers that may run the pool, by turns until one can be reached; at least one
     * @param token that says who asks; null if a certificate does
     * @param tls whom to trust, and what to show; null for what the JVM has
     * @param limit how long to wait for an answer
     */
    public PoolClient(List<URI> servers, @Nullable String token, @Nullable SSLContext tls, Duration limit) {
        List<Transport> transports = new ArrayList<>();
        for (URI server : servers) {
            transports.add(new HttpTransport(server, token, tls, limit));
        }
        this.transport = transports.size() == 1 ? transports.get(0) : new SeveralTransport(transports);
    }

    /** Asks for {@code path}; the answer is JSON. */
    public JsonObject get(String path) throws PoolException {
        return json(exchange("GET", path, Map.of(), NOTHING).body());
    }

    /** Sends a JSON object to {@code path}; the answer is JSON. */
    public JsonObject post(String path, String body) throws PoolException {
        return post(path, Map.of(), body);
    }

    /** The same, but once only for all requests with this key. */
    public JsonObject postOnce(String key, String path, String body) throws PoolException {
        return post(path, Map.of(IDEMPOTENCY_KEY, key), body);
    }

    private JsonObject post(String path, Map<String, String> headers, String body) throws PoolException {
        Map<String, String> all = new java.util.HashMap<>(headers);
        all.put("Content-Type", "application/json");
        return json(exchange("POST", path, all, body.getBytes(StandardCharsets.UTF_8))
                .body());
    }

    /** Sends bytes to {@code path}; the answer is JSON. */
    public JsonObject send(String path, byte[] content) throws PoolException {
        return json(exchange("POST", path, Map.of("Content-Type", "application/octet-stream"), content)
                .body());
    }

    /** Asks for bytes. */
    public byte[] bytes(String path) throws PoolException {
        return exchange("GET", path, Map.of(), NOTHING).body();
    }

    /**
     * Reads lines as they come, until there are no more or {@code taker} says false to one. Empty ones, which only show that the pool
     * is there, are left out.
     *
     * @throws PoolException if the pool cannot be reached, refuses, or goes away
     */
    public void lines(String path, Predicate<String> taker) throws PoolException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(transport.open(path), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && (line.isEmpty() || taker.test(line))) {
                line = lines.readLine();
            }
        } catch (IOException failure) {
            throw unreachable(failure);
        }
    }

    private Transport.Answer exchange(String method, String path, Map<String, String> headers, byte[] body)
            throws PoolException {
        try {
            Transport.Answer answer = transport.exchange(method, path, headers, body);
            if (answer.status() != OK) {
                throw refusal(transport.place(), answer.status(), answer.body());
            }
            return answer;
        } catch (IOException failure) {
            throw unreachable(failure);
        }
    }

    private PoolException unreachable(IOException failure) {
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return new PoolException(
                "cannot reach the pool at " + transport.place() + ": " + why
                        + "; 'ingot up' starts one, --pool or --server names another",
                failure);
    }

    private JsonObject json(byte[] body) throws PoolException {
        try {
            return JsonObject.parse(new String(body, StandardCharsets.UTF_8));
        } catch (JsonException malformed) {
            throw new PoolException("the pool at " + transport.place()
                    + " answered something this command does not understand: " + malformed.getMessage()
                    + "; use the 'ingot' command that it was started with");
        }
    }

    static PoolException refusal(String place, int status, byte[] body) {
        try {
            return new PoolException(
                    JsonObject.parse(new String(body, StandardCharsets.UTF_8)).string("error"), status);
        } catch (JsonException unexplained) {
            return new PoolException("the pool at " + place + " answered with status " + status, status);
        }
    }
}
