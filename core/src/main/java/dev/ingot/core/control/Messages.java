package dev.ingot.core.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.core.json.JsonWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of the protocol, without their line ends. */
final class Messages {
    static final int VERSION = 1;

    /** The most bytes of a request, its line end included. */
    static final int MAX_REQUEST_BYTES = 1 << 14;

    /** The most bytes of an event: a report may name thousands of pinned threads. */
    static final int MAX_EVENT_BYTES = 1 << 22;

    /** The most pins a report names. */
    static final int MAX_PINS = 1000;

    private Messages() {}

    static JsonWriter request(String request) {
        return JsonWriter.compact().member("protocol", VERSION).member("request", request);
    }

    static String progress(String phase, int percent) {
        return event("progress")
                .member("phase", phase)
                .member("percent", percent)
                .finish();
    }

    static String log(String message) {
        return event("log").member("message", message).finish();
    }

    static String done() {
        return event("done").finish();
    }

    static String done(ProcessStatus status) {
        return event("done")
                .object("status")
                .member("pid", status.pid())
                .member("name", status.name())
                .member("main", status.main())
                .member("images", status.imagesDirectory())
                .member("uptimeMillis", status.uptime().toMillis())
                .member("threads", status.threads())
                .member("imagesTaken", status.imagesTaken())
                .member("state", status.state().text())
                .end()
                .finish();
    }

    static String done(TakenImage image) {
        return event("done")
                .object("image")
                .member("directory", image.directory().toString())
                .member("id", image.id())
                .member("sequence", image.sequence())
                .member("bytes", image.bytes())
                .member("pauseMicros", image.pause().toNanos() / 1000)
                .end()
                .finish();
    }

    static String failed(ControlException failure) {
        JsonWriter json = event("failed")
                .member("code", failure.code().text())
                .member("message", String.valueOf(failure.getMessage()))
                .list("pins");
        failure.pins().stream()
                .limit(MAX_PINS)
                .forEach(pin -> json.element()
                        .member("thread", pin.thread())
                        .member("reason", pin.reason())
                        .member("frame", pin.frame())
                        .member("remedy", pin.remedy())
                        .end());
        return json.endList().finish();
    }

    private static JsonWriter event(String event) {
        return JsonWriter.compact().member("protocol", VERSION).member("event", event);
    }

    static ProcessStatus status(JsonObject event) throws JsonException {
        JsonObject status = event.object("status");
        return new ProcessStatus(
                status.integer("pid"),
                status.string("name"),
                status.string("main"),
                status.string("images"),
                Duration.ofMillis(status.integer("uptimeMillis")),
                status.count("threads"),
                status.integer("imagesTaken"),
                ProcessState.parse(status.string("state")));
    }

    static TakenImage image(JsonObject event) throws JsonException {
        JsonObject image = event.object("image");
        return new TakenImage(
                path(image.string("directory")),
                image.string("id"),
                image.integer("sequence"),
                image.integer("bytes"),
                Duration.ofNanos(Math.multiplyExact(image.integer("pauseMicros", 0, Long.MAX_VALUE / 1000), 1000L)));
    }

    static ControlException failure(JsonObject event) throws JsonException {
        List<PinnedThread> pins = new ArrayList<>();
        for (JsonObject pin : event.objects("pins")) {
            pins.add(new PinnedThread(
                    pin.string("thread"), pin.string("reason"), pin.string("frame"), pin.string("remedy")));
        }
        return new ControlException(FailureCode.parse(event.string("code")), event.string("message"), pins);
    }

    /** The images directory a request names. */
    static Optional<Path> images(JsonObject request) throws JsonException {
        Optional<String> images = request.optionalString("images");
        return images.isPresent() ? Optional.of(path(images.get())) : Optional.empty();
    }

    private static Path path(String text) throws JsonException {
        try {
            Path path = Path.of(text);
            if (!path.isAbsolute()) {
                throw new JsonException("'" + text + "' is not an absolute path");
            }
            return path;
        } catch (InvalidPathException malformed) {
            throw new JsonException("'" + text + "' is not a path", malformed);
        }
    }
}
