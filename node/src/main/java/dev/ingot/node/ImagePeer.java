package dev.ingot.node;

import dev.ingot.scheduler.wire.ImageSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Another node, from which an image comes. What it sends is not believed: whoever takes it compares its hash. Not thread-safe. */
final class ImagePeer {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    /** It does not take the ticket, or does not any more. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private final ImageSource source;
    private final HttpClient client;
    private boolean served;

    ImagePeer(ImageSource source) {
        this.source = source;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .sslContext(PinnedTls.context(source.certificate()))
                .build();
    }

    ImageSource source() {
        return source;
    }

    /** Whether anything has come from it. */
    boolean hasServed() {
        return served;
    }

    /**
     * Asks for bytes of an image.
     *
     * @param path of the part, with the parameters that its ticket is for
     * @throws Refused if it does not take the ticket
     */
    byte[] bytes(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(source.uri()).resolve(path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + source.ticket())
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() == UNAUTHORIZED) {
                throw new Refused("it does not take the ticket");
            } else if (response.statusCode() != OK) {
                throw new IOException("it answers with status " + response.statusCode());
            }
            served = true;
            return response.body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }
}
