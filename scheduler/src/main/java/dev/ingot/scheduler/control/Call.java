package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonObject;
import dev.ingot.scheduler.access.Identity;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of somebody who may make it.
 *
 * @param variables of the path
 * @param key of the Idempotency-Key header; null if there is none
 * @param address from which it comes, in numbers; null for the pool's socket
 */
record Call(
        Identity who,
        Map<String, String> variables,
        Map<String, String> query,
        @Nullable String key,
        @Nullable String address,
        Content content) {
    String body() {
        return content.text();
    }

    String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalStateException("the path has no variable " + name);
        }
        return value;
    }

    JsonObject json() throws JsonException {
        String body = body();
        return JsonObject.parse(body.isEmpty() ? "{}" : body);
    }

    /** A parameter that counts something, between 0 and {@code most}. */
    long number(String name, long otherwise, long most) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= most) {
                return value;
            }
        } catch (NumberFormatException malformed) {
            // Told below.
        }
        throw new Refusal(Reply.BAD_REQUEST, "parameter '" + name + "' must be a number from 0 to " + most);
    }

    boolean flag(String name) {
        String text = query.getOrDefault(name, "false");
        if (!Set.of("true", "false").contains(text)) {
            throw new Refusal(Reply.BAD_REQUEST, "parameter '" + name + "' must be true or false");
        }
        return Boolean.parseBoolean(text);
    }
}
