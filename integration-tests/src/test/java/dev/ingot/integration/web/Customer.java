package dev.ingot.integration.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.net.CookieManager;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Someone with a session in the shop. Not thread-safe. */
final class Customer {
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern ANSWER = Pattern.compile("(\\d+) in the session, (\\d+) in the database");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ProgramRun shop;
    private final HttpClient browser =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    Customer(ProgramRun shop) {
        this.shop = shop;
    }

    /** Puts something into the cart as soon as the shop is open; how many things the cart holds then. */
    int adds(String item) throws IOException, InterruptedException {
        shop.awaitOrEnd("the shop", () -> port().isPresent());
        return add(item);
    }

    /**
     * Puts something into the cart.
     *
     * @throws IOException if the shop does not answer
     */
    int add(String item) throws IOException, InterruptedException {
        URI cart = URI.create(
                "http://localhost:" + port().orElseThrow(() -> new IOException("closed")) + "/cart?item=" + item);
        HttpResponse<String> response = browser.send(
                HttpRequest.newBuilder(cart)
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Matcher answer = ANSWER.matcher(response.body());
        assertThat(answer.matches()).as(response + ": " + response.body()).isTrue();
        assertThat(answer.group(2)).as("what the database has").isEqualTo(answer.group(1));
        return Integer.parseInt(answer.group(1));
    }

    /** Whether the shop takes calls. */
    boolean findsItOpen() {
        Optional<String> port = port();
        if (port.isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket("localhost", Integer.parseInt(port.get()))) {
            return socket.isConnected();
        } catch (IOException closed) {
            return false;
        }
    }

    /** The port the shop opened last in the JVM that runs now. */
    private Optional<String> port() {
        return PORT.matcher(shop.output())
                .results()
                .map(found -> found.group(1))
                .reduce((first, last) -> last);
    }
}
