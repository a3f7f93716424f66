package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonWriter;

/** What a request is answered with. */
record Reply(int status, String body) {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int INTERNAL_ERROR = 500;

    static Reply ok(JsonWriter json) {
        return new Reply(OK, json.finish());
    }

    static Reply error(int status, String message) {
        return new Reply(status, JsonWriter.compact().member("error", message).finish());
    }
}
