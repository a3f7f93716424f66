package dev.ingot.node;

import dev.ingot.scheduler.wire.ImageSource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Another node, from which an image comes. What it sends is not believed: whoever takes it compares its hash. Not thread-safe. */
final class ImagePeer {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final byte[] NOTHING = {};
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
    private final Duration limit;
    private boolean served;

    ImagePeer(ImageSource source) {
        this(source, ANSWER);
    }

    /** @param limit how long an answer may take, from the request to its last byte */
    ImagePeer(ImageSource source, Duration limit) {
        this.source = source;
        this.limit = limit;
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
     * @param length how many there are to be
     * @throws Refused if it does not take the ticket
     * @throws IOException also if it sends more or fewer, or too slowly
     */
    byte[] bytes(String path, int length) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(source.uri()).resolve(path))
                .header("Authorization", "Bearer " + source.ticket())
                .build();
        // Its own limit of time would end with the headers, and the body never.
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, taking(length));
        try {
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() == UNAUTHORIZED) {
                throw new Refused("it does not take the ticket");
            } else if (response.statusCode() != OK) {
                throw new IOException("it answers with status " + response.statusCode());
            }
            if (!isOf(length, response.headers())) {
                throw new IOException("it sends something else than " + length + " bytes");
            }
            served = true;
            return response.body();
        } catch (TimeoutException stalled) {
            throw new IOException("it does not send on", stalled);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } finally {
            answer.cancel(true);
        }
    }

    /** Takes what has the right length and drops everything else as it comes, so that no answer takes more memory than that. */
    private static BodyHandler<byte[]> taking(int length) {
        return head -> head.statusCode() == OK && isOf(length, head.headers())
                ? BodySubscribers.ofByteArray()
                : BodySubscribers.replacing(NOTHING);
    }

    private static boolean isOf(int length, HttpHeaders headers) {
        return headers.firstValueAsLong("Content-Length").equals(OptionalLong.of(length));
    }
}
