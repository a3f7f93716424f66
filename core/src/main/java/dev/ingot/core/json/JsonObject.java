package dev.ingot.core.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parsed JSON object, read by member name. Members nobody asks for are ignored, so that newer writers may add some.
 * Immutable.
 */
public final class JsonObject {
    private final Map<String, @Nullable Object> members;

    JsonObject(Map<String, @Nullable Object> members) {
        this.members = members;
    }

    /**
     * Parses one object.
     *
     * @throws JsonException if {@code text} is anything else
     */
    public static JsonObject parse(String text) throws JsonException {
        return new JsonParser(text).parseObject();
    }

    /** The names of all members, in the order of the text. */
    public List<String> names() {
        return List.copyOf(members.keySet());
    }

    /** Whether there is a member of this name that is not null. */
    public boolean has(String name) {
        return members.get(name) != null;
    }

    public String string(String name) throws JsonException {
        return required(name, String.class, "a string");
    }

    public Optional<String> optionalString(String name) throws JsonException {
        return has(name) ? Optional.of(string(name)) : Optional.empty();
    }

    public boolean flag(String name) throws JsonException {
        return required(name, Boolean.class, "true or false");
    }

    public long integer(String name) throws JsonException {
        return required(name, Long.class, "an integer");
    }

    /** An integer in {@code [least, most]}; anything else is a {@link JsonException}. */
    public long integer(String name, long least, long most) throws JsonException {
        long value = integer(name);
        if (value < least || value > most) {
            throw new JsonException("member '" + name + "' is " + value + ", allowed are " + least + " to " + most);
        }
        return value;
    }

    /** A non-negative {@code int}. */
    public int count(String name) throws JsonException {
        return (int) integer(name, 0, Integer.MAX_VALUE);
    }

    public JsonObject object(String name) throws JsonException {
        return required(name, JsonObject.class, "an object");
    }

    public Optional<JsonObject> optionalObject(String name) throws JsonException {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    public List<JsonObject> objects(String name) throws JsonException {
        return elements(name, JsonObject.class, "objects");
    }

    public List<String> strings(String name) throws JsonException {
        return elements(name, String.class, "strings");
    }

    /** A member that is an object whose members are all strings, in the order of the text. */
    public Map<String, String> stringMap(String name) throws JsonException {
        JsonObject object = object(name);
        Map<String, String> result = new LinkedHashMap<>();
        for (String key : object.members.keySet()) {
            result.put(key, object.string(key));
        }
        return result;
    }

    private <T> List<T> elements(String name, Class<T> type, String wanted) throws JsonException {
        List<?> list = required(name, List.class, "a list");
        List<T> result = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!type.isInstance(element)) {
                throw new JsonException("member '" + name + "' must hold nothing but " + wanted);
            }
            result.add(type.cast(element));
        }
        return result;
    }

    private <T> T required(String name, Class<T> type, String wanted) throws JsonException {
        Object value = members.get(name);
        if (value == null) {
            throw new JsonException("member '" + name + "' is missing");
        }
        if (!type.isInstance(value)) {
            throw new JsonException("member '" + name + "' is not " + wanted);
        }
        return type.cast(value);
    }
}
