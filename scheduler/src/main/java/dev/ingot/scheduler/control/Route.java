package dev.ingot.scheduler.control;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.spec.SpecException;
import java.util.ArrayList;
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
    private static final String TENANT = "{tenant}";

    /** Carries it out. */
    interface Handler {
        CompletableFuture<Reply> answer(Call call) throws JsonException, SpecException;
    }

    /** The variables of the path if it is one of this kind; null if it is not. */
    @Nullable Map<String, String> match(String path) {
        List<String> wanted = segments(operation.template());
        List<String> given = segments(path);
        int tenant = wanted.indexOf(TENANT);
        int more = given.size() - wanted.size();
        if (more > 0 && tenant >= 0) {
            given = joined(given, tenant, more + 1);
        } else if (more != 0) {
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

    /** A tenant's name may be several segments. */
    private static List<String> joined(List<String> segments, int from, int count) {
        List<String> joined = new ArrayList<>(segments.subList(0, from));
        joined.add(String.join("/", segments.subList(from, from + count)));
        joined.addAll(segments.subList(from + count, segments.size()));
        return joined;
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
