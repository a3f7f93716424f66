package dev.ingot.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Shows characters that would do something to a terminal, rather than have them do it: names of threads, keys or workloads come from images
 * and from other users, who may mean harm. Colours and other renditions (SGR sequences) pass, since this command uses them itself. Not
 * thread-safe.
 */
final class PlainWriter extends FilterWriter {
    private static final char ESCAPE = '\u001b';
    private static final int LONGEST_RENDITION = 20;

    private final boolean carriageReturns;
    /** The beginning of what may become a rendition. */
    private final StringBuilder begun = new StringBuilder();

    /** @param carriageReturns whether a line may be overwritten, as the progress of long work is */
    PlainWriter(Writer out, boolean carriageReturns) {
        super(out);
        this.carriageReturns = carriageReturns;
    }

    @Override
    public void write(int character) throws IOException {
        char next = (char) character;
        if (begun.length() == 0) {
            first(next);
        } else if (continues(next)) {
            begun.append(next);
            if (next == 'm') {
                out.write(begun.toString());
                begun.setLength(0);
            }
        } else {
            giveUp();
            write(next);
        }
    }

    private void first(char next) throws IOException {
        if (next == ESCAPE) {
            begun.append(next);
        } else if (isPlain(next)) {
            out.write(next);
        } else {
            out.write(shown(next));
        }
    }

    private boolean continues(char next) {
        if (begun.length() == 1) {
            return next == '[';
        }
        return begun.length() < LONGEST_RENDITION && (next == 'm' || next == ';' || (next >= '0' && next <= '9'));
    }

    private void giveUp() throws IOException {
        String other = begun.substring(1);
        begun.setLength(0);
        out.write(shown(ESCAPE));
        out.write(other);
    }

    private boolean isPlain(char next) {
        return switch (next) {
            case '\n', '\t' -> true;
            case '\r' -> carriageReturns;
            default -> !Character.isISOControl(next) && !turnsDirection(next);
        };
    }

    /** Whether it reorders what stands around it, so that something else is read than is there. */
    private static boolean turnsDirection(char next) {
        return (next >= '\u202a' && next <= '\u202e') || (next >= '\u2066' && next <= '\u2069');
    }

    private static String shown(char control) {
        return String.format("\\u%04x", (int) control);
    }

    @Override
    public void write(char[] text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(text[i]);
        }
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            write(text.charAt(i));
        }
    }

    @Override
    public void close() throws IOException {
        if (begun.length() > 0) {
            giveUp();
        }
        super.close();
    }
}
