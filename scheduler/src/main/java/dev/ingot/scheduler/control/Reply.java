package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. */
final class Reply {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int UNSUPPORTED_MEDIA_TYPE = 415;
    static final int TOO_MANY_REQUESTS = 429;
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;
    static final int INSUFFICIENT_STORAGE = 507;

    static final String JSON = "application/json";
    static final String BYTES = "application/octet-stream";

    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;

    /** @param body is not changed from now on */
    Reply(int status, String type, byte[] body, Map<String, String> headers) {
        this.status = status;
        this.type = type;
        this.body = body;
        this.headers = Map.copyOf(headers);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    /** Not to be changed. */
    byte[] body() {
        return body;
    }

    Map<String, String> headers() {
        return headers;
    }

    static Reply ok(JsonWriter json) {
        return text(OK, JSON, json.finish());
    }

    /** @param body is not changed from now on */
    static Reply bytes(byte[] body) {
        return new Reply(OK, BYTES, body, Map.of());
    }

    static Reply text(int status, String type, String body) {
        return new Reply(status, type, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static Reply error(int status, String message) {
        return text(status, JSON, JsonWriter.compact().member("error", message).finish());
    }

    /** What it says, if that is JSON. */
    String text() {
        return type.equals(JSON) ? new String(body, StandardCharsets.UTF_8) : "";
    }
}
