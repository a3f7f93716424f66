package dev.ingot.integration.program;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves HTTP at the port that its argument names, tells each caller the how manieth it is, and ends when it is asked to. Members of a gang serve at
 * that port and those that follow.
 */
public final class Greeter {
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static final CountDownLatch END = new CountDownLatch(1);

    private Greeter() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int member = Integer.parseInt(System.getenv().getOrDefault("INGOT_GANG_INDEX", "0"));
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0]) + member), 0);
        server.createContext("/member", exchange -> answer(exchange, Integer.toString(member)));
        server.createContext("/", exchange -> answer(exchange, Integer.toString(CALLS.incrementAndGet())));
        server.createContext("/end", exchange -> {
            answer(exchange, "bye");
            END.countDown();
        });
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.start();
        System.out.println("serves");
        END.await();
        System.out.println("called " + CALLS.get() + " times");
        System.exit(0);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
