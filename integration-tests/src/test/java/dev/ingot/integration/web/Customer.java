package dev.ingot.integration.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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
        String port = port().orElseThrow(() -> new IOException("closed"));
        URI cart = URI.create("http://localhost:" + port + "/cart?item=" + item);
        HttpResponse<String> response = browser.send(
                HttpRequest.newBuilder(cart)
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            // While it gets ready to close its port Tomcat refuses some of what has come in; one that stays open has no
            // reason to.
            await("that a shop closes which answers " + response + ": " + response.body())
                    .atMost(PATIENCE)
                    .until(() -> !isOpen(port));
            throw new IOException("closing: " + response);
        }
        Matcher answer = ANSWER.matcher(response.body());
        assertThat(answer.matches()).as(response + ": " + response.body()).isTrue();
        assertThat(answer.group(2)).as("what the database has").isEqualTo(answer.group(1));
        return Integer.parseInt(answer.group(1));
    }

    /** Whether the shop takes calls. */
    boolean findsItOpen() {
        return port().filter(Customer::isOpen).isPresent();
    }

    private static boolean isOpen(String port) {
        try (Socket socket = new Socket("localhost", Integer.parseInt(port))) {
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
