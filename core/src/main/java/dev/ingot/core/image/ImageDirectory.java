package dev.ingot.core.image;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;

/**
 * The names of images' directories, {@code SEQUENCE-TIME}: {@code 000012-20250102T030405.678Z}.
 *
 * <p>Read and written by hand: a regular expression and a date format are a tenth of the start of a small program.
 */
final class ImageDirectory {
    /** Oldest first. */
    static final Comparator<Path> BY_AGE = new ByAge();

    private static final String SHAPE = "00000000T000000.000Z";
    private static final int LEAST_DIGITS = 6;
    private static final int MOST_DIGITS = 18;

    private ImageDirectory() {}

    static String name(long sequence, Instant created) {
        LocalDateTime time = LocalDateTime.ofInstant(created, ZoneOffset.UTC);
        StringBuilder name = new StringBuilder();
        append(name, sequence, LEAST_DIGITS).append('-');
        append(name, time.getYear(), 4);
        append(name, time.getMonthValue(), 2);
        append(name, time.getDayOfMonth(), 2).append('T');
        append(name, time.getHour(), 2);
        append(name, time.getMinute(), 2);
        append(name, time.getSecond(), 2).append('.');
        append(name, time.getNano() / 1_000_000, 3).append('Z');
        return name.toString();
    }

    private static StringBuilder append(StringBuilder name, long number, int digits) {
        String text = Long.toString(number);
        return name.append("0".repeat(Math.max(0, digits - text.length()))).append(text);
    }

    /** The sequence number in the name of {@code directory}; -1 if it is not named like an image. */
    static long sequence(Path directory) {
        String name = directory.getFileName().toString();
        int dash = name.indexOf('-');
        boolean shaped = dash >= LEAST_DIGITS && dash <= MOST_DIGITS && name.length() == dash + 1 + SHAPE.length();
        if (!shaped || !isNumber(name, dash) || !isTime(name, dash + 1)) {
            return -1;
        }
        return Long.parseLong(name.substring(0, dash));
    }

    /** The time in the name of {@code directory}, which is named like an image; the epoch if it is no time of any day. */
    static Instant created(Path directory) {
        String name = directory.getFileName().toString();
        String time = name.substring(name.indexOf('-') + 1);
        try {
            return LocalDateTime.of(
                            number(time, 0, 4),
                            number(time, 4, 6),
                            number(time, 6, 8),
                            number(time, 9, 11),
                            number(time, 11, 13),
                            number(time, 13, 15),
                            number(time, 16, 19) * 1_000_000)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException impossible) {
            return Instant.EPOCH;
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text.substring(from, to));
    }

    private static boolean isNumber(String name, int length) {
        for (int i = 0; i < length; i++) {
            if (!isDigit(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTime(String name, int start) {
        for (int i = 0; i < SHAPE.length(); i++) {
            char wanted = SHAPE.charAt(i);
            char found = name.charAt(start + i);
            if (wanted == '0' ? !isDigit(found) : wanted != found) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static final class ByAge implements Comparator<Path> {
        @Override
        public int compare(Path a, Path b) {
            int bySequence = Long.compare(sequence(a), sequence(b));
            return bySequence == 0 ? a.compareTo(b) : bySequence;
        }
    }
}
