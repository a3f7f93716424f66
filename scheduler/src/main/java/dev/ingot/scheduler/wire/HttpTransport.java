package dev.ingot.scheduler.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** To a port of a pool, with a token, a certificate, or both. */
final class HttpTransport implements Transport {
    private final URI server;
    private final @Nullable String token;
    private final Duration limit;
    private final HttpClient client;

    HttpTransport(URI server, @Nullable String token, @Nullable SSLContext tls, Duration limit) {
        this.server = server;
        this.token = token;
        this.limit = limit;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(limit);
        // Redirects are not followed: a token goes to the server it is meant for.
        this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    }

    @Override
    public String place() {
        return server.toString();
    }

    @Override
    public Answer exchange(String method, String path, Map<String, String> headers, byte[] body) throws IOException {
        HttpRequest.Builder request = request(path).timeout(limit);
        headers.forEach(request::header);
        request.method(
                method,
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        HttpResponse<byte[]> response = send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.body());
    }

    @Override
    public InputStream open(String path) throws IOException, PoolException {
        HttpResponse<InputStream> response = send(request(path).GET().build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != PoolClient.OK) {
            try (InputStream body = response.body()) {
                throw PoolClient.refusal(place(), response.statusCode(), body.readNBytes(1 << 16));
            }
        }
        return response.body();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
        try {
            return client.send(request, handler);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
