package dev.ingot.core.seal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Speaks as much of Vault's transit API as wrapping needs, on the loopback interface; its cipher is a table. */
final class TransitServer implements AutoCloseable {
    static final String TOKEN = "s.secret-token";

    private final HttpServer server;
    private final Map<String, String> plaintexts = new ConcurrentHashMap<>();

    TransitServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/transit/", this::answer);
        server.start();
    }

    String address(String key) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/transit/" + key;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            JsonObject request =
                    JsonObject.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                send(exchange, 403, "{\"errors\":[\"permission denied\"]}");
            } else if (path[3].equals("encrypt")) {
                String text = "vault:v1:" + path[4]
                        + Base64.getEncoder().encodeToString(new byte[] {(byte) plaintexts.size()});
                plaintexts.put(text, request.string("plaintext"));
                send(exchange, 200, "{\"data\":{\"ciphertext\":\"" + text + "\",\"key_version\":1}}");
            } else {
                String text = request.string("ciphertext");
                boolean known = text.startsWith("vault:v1:" + path[4]) && plaintexts.containsKey(text);
                send(
                        exchange,
                        known ? 200 : 400,
                        known
                                ? "{\"data\":{\"plaintext\":\"" + plaintexts.get(text) + "\"}}"
                                : "{\"errors\":[\"invalid ciphertext\"]}");
            }
        } catch (JsonException malformed) {
            throw new IOException(malformed);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
