package dev.ingot.scheduler.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

/** A file that is served as it is. None holds anything of the pool, so anybody may have them. */
final class Resource {
    /** Nothing from elsewhere, nothing within the page itself, and no other page around it. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    static final Resource OPENAPI = new Resource("openapi.json", Reply.JSON);
    static final Resource PAGE = new Resource("dashboard.html", "text/html; charset=utf-8");
    static final Resource SCRIPT = new Resource("dashboard.js", "text/javascript; charset=utf-8");
    static final Resource STYLE = new Resource("dashboard.css", "text/css; charset=utf-8");

    private final Reply reply;

    private Resource(String name, String type) {
        try (InputStream in = Objects.requireNonNull(Resource.class.getResourceAsStream(name), name)) {
            this.reply = new Reply(Reply.OK, type, in.readAllBytes(), Map.of("Content-Security-Policy", POLICY));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Reply reply() {
        return reply;
    }
}
