package dev.ingot.core.json;

/** Text that is not JSON, or JSON that lacks what its reader needs. The message names the position or the field. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    public JsonException(String message) {
        super(message);
    }

    public JsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
