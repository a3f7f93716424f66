package dev.ingot.integration.program;

import com.sun.net.httpserver.HttpServer;
import java.beans.PropertyChangeSupport;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.script.AbstractScriptEngine;
import javax.script.Bindings;
import javax.script.ScriptContext;
import javax.script.ScriptEngineFactory;
import javax.script.ScriptException;
import javax.script.SimpleBindings;
import org.jspecify.annotations.Nullable;

/** Works below the JDK: in a script engine, in a listener to a bean, and beside the threads of an HTTP client. */
public final class Callbacks {
    private static final int ROUNDS = 20;

    private Callbacks() {}

    /** Evaluates a script by saying it many times. */
    private static final class Engine extends AbstractScriptEngine {
        @Override
        public Object eval(String script, ScriptContext context) {
            for (int round = 0; round < ROUNDS; round++) {
                Pace.say(script + " " + round);
            }
            return script;
        }

        @Override
        public Object eval(Reader script, ScriptContext context) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Bindings createBindings() {
            return new SimpleBindings();
        }

        @Override
        public @Nullable ScriptEngineFactory getFactory() {
            return null;
        }
    }

    public static void main(String[] arguments) throws ScriptException, IOException, InterruptedException {
        System.out.println(new Engine().eval("script"));
        PropertyChangeSupport bean = new PropertyChangeSupport("bean");
        bean.addPropertyChangeListener(event -> {
            for (int round = 0; round < ROUNDS; round++) {
                Pace.say(event.getNewValue() + " " + round);
            }
        });
        bean.firePropertyChange("property", "old", "new");
        ask();
    }

    private static void ask() throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = exchange.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        HttpClient client = HttpClient.newHttpClient();
        for (int round = 0; round < ROUNDS; round++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http:/" + server.getAddress() + "/" + round))
                    .build();
            Pace.say(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
        server.stop(0);
    }
}
