package dev.ingot.core.json;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the text of one JSON object. The caller opens and closes in balance; {@link #finish} checks that.
 *
 * <p>An indented text breaks lines at the two outermost levels only, which keeps a table one row per line.
 */
public final class JsonWriter {
    private static final int INDENTED_LEVELS = 2;

    private final StringBuilder text = new StringBuilder(256);
    private final boolean indented;
    private int depth;
    private boolean first = true;

    private JsonWriter(boolean indented) {
        this.indented = indented;
        open('{');
    }

    /** Everything on one line. */
    public static JsonWriter compact() {
        return new JsonWriter(false);
    }

    /** For people: one member or row per line. */
    public static JsonWriter indented() {
        return new JsonWriter(true);
    }

    /** Writes a member; a {@code null} value is left out. */
    public JsonWriter member(String name, @Nullable String value) {
        if (value != null) {
            name(name);
            quote(value);
        }
        return this;
    }

    public JsonWriter member(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    public JsonWriter member(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Writes a member that is an object of strings. */
    public JsonWriter member(String name, Map<String, String> values) {
        object(name);
        values.forEach(this::member);
        return end();
    }

    /** Writes a member that is a list of strings. */
    public JsonWriter member(String name, Iterable<String> values) {
        list(name);
        for (String value : values) {
            separate();
            quote(value);
        }
        return endList();
    }

    /** Opens a member that is an object; {@link #end} closes it. */
    public JsonWriter object(String name) {
        name(name);
        open('{');
        return this;
    }

    /** Opens a member that is a list; {@link #endList} closes it. */
    public JsonWriter list(String name) {
        name(name);
        open('[');
        return this;
    }

    /** Opens an object that is an element of the open list; {@link #end} closes it. */
    public JsonWriter element() {
        separate();
        open('{');
        return this;
    }

    public JsonWriter end() {
        close('}');
        return this;
    }

    public JsonWriter endList() {
        close(']');
        return this;
    }

    /**
     * Closes the outermost object.
     *
     * @throws IllegalStateException if an inner object or list is still open
     */
    public String finish() {
        close('}');
        if (depth != 0) {
            throw new IllegalStateException("JSON text is not closed: " + depth + " levels are still open");
        }
        return text.toString();
    }

    private void open(char bracket) {
        text.append(bracket);
        depth++;
        first = true;
    }

    private void close(char bracket) {
        depth--;
        if (!first) {
            breakLine();
        }
        text.append(bracket);
        first = false;
    }

    private void name(String name) {
        separate();
        quote(name);
        text.append(':');
        if (indented) {
            text.append(' ');
        }
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        boolean broken = breakLine();
        if (!first && !broken && indented) {
            text.append(' ');
        }
        first = false;
    }

    private boolean breakLine() {
        if (!indented || depth > INDENTED_LEVELS) {
            return false;
        }
        text.append('\n').append("  ".repeat(depth));
        return true;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i));
        }
        text.append('"');
    }

    private void append(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029' || c == 0x7f) {
                    escape(c);
                } else {
                    text.append(c);
                }
            }
        }
    }

    // Surrogates are escaped too: a lone one has no UTF-8 form and would be lost on the way to the file.
    private void escape(char c) {
        text.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.append(Character.forDigit((c >> shift) & 0xf, 16));
        }
    }
}
