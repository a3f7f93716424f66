import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts at a web server: by session, or by the client's number. */
final class HttpCounter implements Counter {
    /** A client keeps its cookies when it connects anew. */
    private static final Map<Integer, CookieManager> COOKIES = new ConcurrentHashMap<>();

    private final HttpClient http;
    private final HttpRequest request;

    HttpCounter(int port, int client) {
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(COOKIES.computeIfAbsent(client, number -> new CookieManager()))
                .build();
        request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/next?client=" + client))
                .timeout(Duration.ofMinutes(1))
                .build();
    }

    @Override
    public long next() throws Exception {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return Long.parseLong(response.body().trim());
    }

    @Override
    public void close() {
        // The client of the JDK ends by itself.
    }
}
