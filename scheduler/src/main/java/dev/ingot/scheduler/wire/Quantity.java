package dev.ingot.scheduler.wire;

import dev.ingot.scheduler.pool.Alternative;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them: a number and a unit. All refuse what they do not understand by IllegalArgumentException. */
public final class Quantity {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern MEMORY = Pattern.compile("([0-9]{1,6})([mgMG])");
    private static final Pattern THOUSANDTHS = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,3})?");
    private static final long MIB_PER_GIB = 1024;
    private static final int MILLI_DIGITS = 3;

    private Quantity() {}

    /** Reads text such as {@code 90s}. */
    public static Duration duration(String text) {
        Matcher form = matched(DURATION, text, "duration; write a whole number and ms, s, m, h or d, such as 90s");
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** Reads text such as {@code 512m} or {@code 2g}; in MiB. */
    public static long memory(String text) {
        Matcher form = matched(MEMORY, text, "amount of memory; write a whole number and m or g, such as 512m");
        long number = Long.parseLong(form.group(1));
        return form.group(2).equalsIgnoreCase("g") ? number * MIB_PER_GIB : number;
    }

    /** Reads text such as {@code 2} or {@code 0.5}; in thousandths of a core. */
    public static long cores(String text) {
        matched(THOUSANDTHS, text, "number of cores; write a number with up to three decimals, such as 0.5");
        return thousandths(text);
    }

    /** Reads text such as {@code 2} or {@code 0.25}; in thousandths of a device. */
    public static long devices(String text) {
        matched(THOUSANDTHS, text, "number of devices; write a whole number, or a part of one such as 0.25");
        return thousandths(text);
    }

    /** Reads text such as {@code 0.1}: more than nothing, and 1 at most; in thousandths. */
    public static int speed(String text) {
        long speed = THOUSANDTHS.matcher(text).matches() ? thousandths(text) : 0;
        if (speed <= 0 || speed > Alternative.FULL_SPEED) {
            throw new IllegalArgumentException("'" + text
                    + "' is no speed; write a number above 0 with up to three decimals, 1 at most, such as 0.1");
        }
        return (int) speed;
    }

    private static long thousandths(String text) {
        return new BigDecimal(text).movePointRight(MILLI_DIGITS).longValueExact();
    }

    private static Matcher matched(Pattern pattern, String text, String what) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no " + what);
        }
        return matcher;
    }
}
