package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Chromium without a window, with one page, driven through its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    /** What the page complained of: failures of scripts, refused loads. */
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    private Browser(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    static boolean isThere() {
        return Files.isExecutable(PROGRAM);
    }

    static Browser start(Path profile) throws IOException, InterruptedException, JsonException {
        Process process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--headless=new",
                        // It shows pages of this test alone, and root may not have the sandbox.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolveSibling("chromium.log").toFile())
                .start();
        try {
            Path port = profile.resolve("DevToolsActivePort");
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (Files.notExists(port) || Files.readAllLines(port).size() < 2) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException(
                            "chromium does not start: " + Files.readString(profile.resolveSibling("chromium.log")));
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
            String list = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + Files.readAllLines(port).get(0) + "/json"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            for (JsonObject target : JsonObject.parse("{\"all\":" + list + "}").objects("all")) {
                if (target.string("type").equals("page")) {
                    Browser browser = new Browser(process, URI.create(target.string("webSocketDebuggerUrl")));
                    for (String domain : List.of("Page", "Runtime", "Log")) {
                        browser.call(domain + ".enable", JsonWriter.compact());
                    }
                    return browser;
                }
            }
            throw new IOException("chromium shows no page");
        } catch (IOException | InterruptedException | JsonException | RuntimeException failure) {
            process.destroyForcibly();
            throw failure;
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                take(whole);
            }
            from.request(1);
            return null;
        }
    }

    private void take(String message) {
        try {
            JsonObject json = JsonObject.parse(message);
            if (json.has("id")) {
                CompletableFuture<JsonObject> waiting = pending.remove((int) json.integer("id"));
                if (waiting != null) {
                    waiting.complete(json);
                }
            } else if (List.of("Runtime.exceptionThrown", "Log.entryAdded").contains(json.string("method"))) {
                complaints.add(message);
            }
        } catch (JsonException malformed) {
            complaints.add("not understood: " + message);
        }
    }

    private JsonObject call(String method, JsonWriter parameters) throws JsonException {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        pending.put(id, answer);
        String call = "{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters.finish() + "}";
        socket.sendText(call, true).join();
        JsonObject json = answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        if (json.has("error")) {
            throw new IllegalStateException(method + ": " + json.object("error").string("message"));
        }
        return json.object("result");
    }

    void go(String address) throws JsonException {
        call("Page.navigate", JsonWriter.compact().member("url", address));
    }

    /** The value of an expression, as text. */
    String value(String expression) throws JsonException {
        JsonObject result = call(
                "Runtime.evaluate",
                JsonWriter.compact()
                        .member("expression", "String(" + expression + ")")
                        .member("awaitPromise", true));
        return result.object("result").optionalString("value").orElseThrow(() -> new IllegalStateException(expression));
    }

    void size(int width, int height) throws JsonException {
        call(
                "Emulation.setDeviceMetricsOverride",
                JsonWriter.compact()
                        .member("width", width)
                        .member("height", height)
                        .member("deviceScaleFactor", 1)
                        .member("mobile", width < 600));
    }

    void dark() throws JsonException {
        JsonWriter features = JsonWriter.compact().list("features");
        features.element()
                .member("name", "prefers-color-scheme")
                .member("value", "dark")
                .end();
        call("Emulation.setEmulatedMedia", features.endList());
    }

    /** Presses a key, such as {@code ArrowDown}, where the focus is. */
    void press(String key) throws JsonException {
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "ArrowRight" -> 39;
            default -> 40;
        };
        for (String type : List.of("keyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    JsonWriter.compact()
                            .member("type", type)
                            .member("key", key)
                            .member("code", key)
                            .member("windowsVirtualKeyCode", code));
        }
    }

    /** Clicks the button with that text. */
    void click(String within, String text) throws JsonException {
        String clicked = value(String.format(
                Locale.ROOT,
                "(() => { const b = [...document.querySelectorAll('%s button')].find(b => b.textContent === '%s');"
                        + " if (!b || b.disabled) return 'no'; b.click(); return 'yes'; })()",
                within,
                text));
        if (!clicked.equals("yes")) {
            throw new IllegalStateException("there is no button '" + text + "' in " + within);
        }
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** A picture of what can be seen, PNG in base 64, for when a test fails. */
    byte[] picture() throws JsonException {
        return call("Page.captureScreenshot", JsonWriter.compact())
                .string("data")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
}
