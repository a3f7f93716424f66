package dev.ingot.core.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns text that nobody vouches for into objects: {@link JsonObject}, {@code List}, {@code String}, {@code Long},
 * {@code Double}, {@code Boolean} and {@code null}. Nesting is bounded, so is the length of a number; the caller bounds the
 * text.
 */
final class JsonParser {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER_LENGTH = 40;

    private final String text;
    private int position;
    private int depth;

    JsonParser(String text) {
        this.text = text;
    }

    JsonObject parseObject() throws JsonException {
        Object value = value();
        skipWhitespace();
        if (position != text.length()) {
            throw broken("something follows the end of the value");
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new JsonException("the text is valid JSON but not an object");
    }

    private @Nullable Object value() throws JsonException {
        skipWhitespace();
        char first = peek();
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private JsonObject object() throws JsonException {
        enter();
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (!isNext('}')) {
            do {
                skipWhitespace();
                String name = string();
                if (members.containsKey(name)) {
                    throw broken("the member '" + name + "' appears twice");
                }
                expect(':');
                members.put(name, value());
            } while (isNext(','));
            expect('}');
        }
        depth--;
        return new JsonObject(members);
    }

    private List<@Nullable Object> array() throws JsonException {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        if (!isNext(']')) {
            do {
                elements.add(value());
            } while (isNext(','));
            expect(']');
        }
        depth--;
        return elements;
    }

    private void enter() throws JsonException {
        if (++depth > MAX_DEPTH) {
            throw broken("values are nested deeper than " + MAX_DEPTH);
        }
        position++;
    }

    private String string() throws JsonException {
        if (peek() != '"') {
            throw broken("a string was expected");
        }
        int start = ++position;
        while (isPlain(peek())) {
            position++;
        }
        if (peek() == '"') {
            return text.substring(start, position++);
        }
        return escapedString(new StringBuilder(text.substring(start, position)));
    }

    private String escapedString(StringBuilder result) throws JsonException {
        while (true) {
            char next = take();
            if (next == '"') {
                return result.toString();
            }
            if (next == '\\') {
                result.append(escape());
            } else if (next < ' ') {
                throw broken("a control character stands in a string");
            } else {
                result.append(next);
            }
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != '"' && c != '\\';
    }

    private char escape() throws JsonException {
        char kind = take();
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw broken("an escape that JSON does not have");
        };
    }

    private char unicode() throws JsonException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = take();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw broken("a \\u escape needs four hexadecimal digits");
            }
            code = (code << 4) | digit;
        }
        return (char) code;
    }

    private @Nullable Object literal(String word, @Nullable Object meaning) throws JsonException {
        if (!text.startsWith(word, position)) {
            throw broken("a value was expected");
        }
        position += word.length();
        return meaning;
    }

    private Object number() throws JsonException {
        int start = position;
        while (position < text.length() && isNumberPart(text.charAt(position))) {
            position++;
        }
        String digits = text.substring(start, position);
        if (digits.isEmpty() || digits.length() > MAX_NUMBER_LENGTH) {
            throw broken("a value was expected");
        }
        try {
            return isIntegral(digits) ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
        } catch (NumberFormatException malformed) {
            throw new JsonException("not JSON at character " + start + ": '" + digits + "' is not a number", malformed);
        }
    }

    private static boolean isNumberPart(char c) {
        return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
    }

    private static boolean isIntegral(String digits) {
        return digits.indexOf('.') < 0 && digits.indexOf('e') < 0 && digits.indexOf('E') < 0;
    }

    private boolean isNext(char wanted) throws JsonException {
        skipWhitespace();
        if (peek() != wanted) {
            return false;
        }
        position++;
        return true;
    }

    private void expect(char wanted) throws JsonException {
        if (!isNext(wanted)) {
            throw broken("'" + wanted + "' was expected");
        }
    }

    private char peek() throws JsonException {
        if (position >= text.length()) {
            throw broken("the text ends in the middle of a value");
        }
        return text.charAt(position);
    }

    private char take() throws JsonException {
        char c = peek();
        position++;
        return c;
    }

    private void skipWhitespace() {
        while (position < text.length() && isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private static boolean isWhitespace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private JsonException broken(String why) {
        return new JsonException("not JSON at character " + position + ": " + why);
    }
}
