package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.spec.SpecException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How an operation is asked for by HTTP.
 *
 * @param parameters that the request's query may have
 */
record Route(Operation operation, Set<String> parameters, Handler handler) {
    /** Carries it out. */
    interface Handler {
        CompletableFuture<Reply> answer(Call call) throws JsonException, SpecException;
    }

    /** The variables of the path if it is one of this kind; null if it is not. */
    @Nullable Map<String, String> match(String path) {
        List<String> wanted = segments(operation.template());
        List<String> given = segments(path);
        if (wanted.size() != given.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{")) {
                variables.put(segment.substring(1, segment.length() - 1), given.get(i));
            } else if (!segment.equals(given.get(i))) {
                return null;
            }
        }
        return variables;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
