import io.undertow.Undertow;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts by the client's number, in a thread of its workers. */
public final class UndertowServer {
    private static final Map<String, AtomicLong> COUNTS = new ConcurrentHashMap<>();

    private UndertowServer() {}

    public static void main(String[] arguments) {
        Undertow.builder()
                .addHttpListener(Integer.parseInt(arguments[0]), "127.0.0.1")
                .setHandler(new io.undertow.server.handlers.BlockingHandler(exchange -> {
                    String client = exchange.getQueryParameters().get("client").getFirst();
                    long next = COUNTS.computeIfAbsent(client, name -> new AtomicLong()).incrementAndGet();
                    exchange.getResponseSender().send(next + "\n");
                }))
                .build()
                .start();
    }
}
