package dev.ingot.agent.options;

import dev.ingot.agent.OptionsException;
import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Reads typed values out of one option string and gathers everything that is wrong with it. */
final class OptionReader {
    private static final int MAX_NAME_LENGTH = 100;
    private static final int MAX_SIZE_DIGITS = 9;
    private static final String[] TOGGLE = {"off", "on"};

    private final String text;

    /** Not an EnumMap: that calls the enum by reflection, which costs 20 ms at the start of a JVM. */
    private final Map<OptionKey, String> values = new HashMap<>();

    private final List<String> problems = new ArrayList<>();

    OptionReader(String text) {
        this.text = text;
        split();
    }

    private void split() {
        var item = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == ',') {
                item.append(',');
                i++;
            } else if (c == ',') {
                accept(item);
            } else {
                item.append(c);
            }
        }
        accept(item);
    }

    private void accept(StringBuilder buffer) {
        String item = buffer.toString().strip();
        buffer.setLength(0);
        if (item.isEmpty()) {
            return;
        }
        int equals = item.indexOf('=');
        String name = equals < 0 ? item : item.substring(0, equals);
        OptionKey key = OptionKey.find(name);
        if (key == null) {
            rejectName(item, name);
        } else if (equals < 0) {
            problems.add(item + ": needs a value: " + key.key() + '=' + key.form());
        } else {
            set(key, item.substring(equals + 1));
        }
    }

    private void rejectName(String item, String name) {
        String closest = OptionKey.closest(name);
        problems.add(item + ": there is no option '" + name + '\''
                + (closest.isEmpty() ? "; there are " + allKeys() : "; did you mean '" + closest + "'?"));
    }

    private static String allKeys() {
        var keys = new StringBuilder();
        for (OptionKey key : OptionKey.values()) {
            keys.append(keys.length() == 0 ? "" : ", ").append(key.key());
        }
        return keys.toString();
    }

    private void set(OptionKey key, String value) {
        String earlier = values.putIfAbsent(key, value);
        if (earlier != null) {
            problems.add(key.key() + '=' + value + ": given before as '" + earlier + "'; keep one of them");
        }
    }

    private String raw(OptionKey key) {
        String value = values.get(key);
        return value == null ? key.fallback() : value;
    }

    /** A name that can be a file name everywhere; {@code null} where none is given. */
    @Nullable String name(OptionKey key) {
        String value = values.get(key);
        if (value == null) {
            return null;
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isNameCharacter(value.charAt(i), i)) {
                reject(
                        key,
                        value,
                        "a name has letters, digits, '.', '_' and '-' and begins with a letter or digit",
                        "");
                return null;
            }
        }
        if (value.isEmpty() || value.length() > MAX_NAME_LENGTH) {
            reject(key, value, "a name has 1 to " + MAX_NAME_LENGTH + " characters", "");
            return null;
        }
        return value;
    }

    private static boolean isNameCharacter(char c, int position) {
        boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return alphanumeric || (position > 0 && (c == '.' || c == '_' || c == '-'));
    }

    Path path(OptionKey key) {
        return path(key, raw(key));
    }

    private Path path(OptionKey key, String value) {
        if (value.isEmpty()) {
            reject(key, value, "needs a path", "");
            return Path.of(key.fallback());
        }
        try {
            return Path.of(inHome(value)).toAbsolutePath();
        } catch (InvalidPathException e) {
            reject(key, value, "not a path here: " + e.getReason(), "");
            return Path.of(key.fallback());
        }
    }

    /** No shell expands a tilde within an option. */
    private static String inHome(String path) {
        return path.startsWith("~/") ? System.getProperty("user.home", "") + path.substring(1) : path;
    }

    /** A path, or {@code null} where the value is {@code off}. */
    @Nullable Path optionalPath(OptionKey key) {
        return isOff(key) ? null : path(key);
    }

    boolean is(OptionKey key, String value) {
        return raw(key).equals(value);
    }

    /** The path behind a prefix, or {@code null} where the value does not begin so. */
    @Nullable Path pathBehind(OptionKey key, String prefix) {
        String value = raw(key);
        return value.startsWith(prefix) ? path(key, value.substring(prefix.length())) : null;
    }

    boolean isOff(OptionKey key) {
        return is(key, "off");
    }

    /** A positive duration, or {@code null} where the value is {@code off}. */
    @Nullable Duration optionalDuration(OptionKey key) {
        return isOff(key) ? null : duration(key);
    }

    Duration duration(OptionKey key) {
        String value = raw(key);
        int digits = 0;
        while (digits < value.length() && value.charAt(digits) >= '0' && value.charAt(digits) <= '9') {
            digits++;
        }
        long unit = nanosOf(value.substring(digits));
        if (digits == 0 || unit < 0) {
            rejectDuration(key, value, digits);
            return Duration.ZERO;
        }
        return bounded(key, value, value.substring(0, digits), unit);
    }

    private Duration bounded(OptionKey key, String value, String amount, long unit) {
        try {
            Duration duration = Duration.ofNanos(Math.multiplyExact(Long.parseLong(amount), unit));
            if (duration.isZero()) {
                reject(key, value, "must be longer than nothing", "");
            }
            return duration;
        } catch (ArithmeticException | NumberFormatException e) {
            reject(key, value, "longer than 292 years", "");
            return Duration.ZERO;
        }
    }

    private void rejectDuration(OptionKey key, String value, int digits) {
        boolean unitIsMissing = digits > 0 && digits == value.length();
        reject(
                key,
                value,
                unitIsMissing ? "needs a unit: us, ms, s, m, h or d" : "not a duration such as 5ms, 30s, 10m or 1h",
                unitIsMissing ? value + 's' : "");
    }

    /** The length of a unit in nanoseconds, negative if there is no such unit. */
    private static long nanosOf(String unit) {
        return switch (unit) {
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> -1;
        };
    }

    /** The name of a key, or {@code null} where the value is {@code off}. */
    @Nullable KeyName optionalKey(OptionKey key) {
        if (isOff(key)) {
            return null;
        }
        String value = raw(key);
        try {
            return KeyName.parse(inKeyHome(value));
        } catch (IllegalArgumentException malformed) {
            // Without what may be meant as a secret.
            int query = value.indexOf('?');
            reject(key, query < 0 ? value : value.substring(0, query), String.valueOf(malformed.getMessage()), "");
            return null;
        }
    }

    /** A key that signs, or {@code null} where the value is {@code off}. */
    @Nullable SigningKey optionalSigningKey(OptionKey key) {
        return optionalKeyFile(key, SigningKey::read);
    }

    /** Keys whose signatures are believed, or {@code null} where the value is {@code off}. */
    @Nullable TrustedKeys optionalTrustedKeys(OptionKey key) {
        return optionalKeyFile(key, TrustedKeys::read);
    }

    private interface KeyFile<K> {
        K read(Path place) throws KeyException;
    }

    private <K> @Nullable K optionalKeyFile(OptionKey key, KeyFile<K> file) {
        try {
            return names(key) ? file.read(path(key)) : null;
        } catch (KeyException unusable) {
            reject(key, raw(key), String.valueOf(unusable.getMessage()), "");
            return null;
        }
    }

    /** Whether there is a file to be read; a value that is no path is rejected. */
    private boolean names(OptionKey key) {
        int before = problems.size();
        return optionalPath(key) != null && problems.size() == before;
    }

    private static String inKeyHome(String value) {
        int colon = value.indexOf(':');
        return value.substring(0, colon + 1) + inHome(value.substring(colon + 1));
    }

    /** A number of bytes, or {@code null} where the value is {@code auto}. */
    @Nullable Long optionalSize(OptionKey key) {
        return is(key, "auto") ? null : size(key);
    }

    private long size(OptionKey key) {
        String value = raw(key);
        int digits = 0;
        while (digits < value.length() && value.charAt(digits) >= '0' && value.charAt(digits) <= '9') {
            digits++;
        }
        int shift = shiftOf(value.substring(digits));
        if (digits == 0 || digits > MAX_SIZE_DIGITS || shift < 0) {
            reject(key, value, "not a size such as 512k, 64m or 2g", "");
            return 0;
        }
        return Long.parseLong(value.substring(0, digits)) << shift;
    }

    /** The binary logarithm of a unit, negative if there is no such unit. */
    private static int shiftOf(String unit) {
        return switch (unit.toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> -1;
        };
    }

    boolean toggle(OptionKey key) {
        String value = raw(key);
        if (!value.equals("on") && !value.equals("off")) {
            reject(key, value, "must be on or off", Suggestion.closest(value, TOGGLE));
        }
        return value.equals("on");
    }

    /** One of the words of the option's form, or the fallback. */
    String word(OptionKey key) {
        String value = values.get(key);
        if (value == null
                || value.isEmpty()
                || List.of(key.form().split("\\|", -1)).contains(value)) {
            return raw(key);
        }
        reject(key, value, "must be one of " + key.form(), "");
        return key.fallback();
    }

    /** The choice whose name in lower case is the value. */
    <E extends Enum<E>> E choice(OptionKey key, E[] choices) {
        String value = raw(key);
        var names = new String[choices.length];
        for (int i = 0; i < choices.length; i++) {
            names[i] = choices[i].name().toLowerCase(Locale.ROOT);
            if (names[i].equals(value)) {
                return choices[i];
            }
        }
        reject(key, value, "must be " + key.form(), Suggestion.closest(value, names));
        return choices[0];
    }

    /** Pairs {@code OLD=NEW} between semicolons, in their order. */
    Map<String, String> replacements(OptionKey key) {
        Map<String, String> replacements = new LinkedHashMap<>();
        for (StringTokenizer pairs = new StringTokenizer(raw(key), ";"); pairs.hasMoreTokens(); ) {
            String pair = pairs.nextToken().strip();
            int equals = pair.indexOf('=');
            if (equals <= 0 || equals == pair.length() - 1) {
                reject(key, pair, "must be OLD=NEW, such as gpu=cpu", "");
            } else {
                replacements.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return replacements;
    }

    /** Patterns of class names. */
    NamePatterns classPatterns(OptionKey key) {
        return patterns(key, "a class name", "*.");
    }

    /** Patterns of names of system properties. */
    NamePatterns propertyPatterns(OptionKey key) {
        return patterns(key, "the name of a system property", "*.-");
    }

    private NamePatterns patterns(OptionKey key, String what, String signs) {
        String value = raw(key);
        var patterns = new ArrayList<String>();
        int start = 0;
        while (start <= value.length()) {
            int end = value.indexOf(';', start);
            end = end < 0 ? value.length() : end;
            addPattern(key, value.substring(start, end).strip(), what, signs, patterns);
            start = end + 1;
        }
        return new NamePatterns(patterns);
    }

    private void addPattern(OptionKey key, String pattern, String what, String signs, List<String> patterns) {
        if (pattern.isEmpty()) {
            return;
        }
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (signs.indexOf(c) < 0 && !Character.isJavaIdentifierPart(c)) {
                reject(key, pattern, "'" + c + "' cannot be in " + what, pattern.replace('/', '.'));
                return;
            }
        }
        patterns.add(pattern);
    }

    private void reject(OptionKey key, String value, String reason, String suggestion) {
        problems.add(key.key() + '=' + value + ": " + reason
                + (suggestion.isEmpty() || suggestion.equals(value)
                        ? ""
                        : "; did you mean '" + key.key() + '=' + suggestion + "'?"));
    }

    /** @throws OptionsException if anything read so far was wrong */
    void finish() {
        if (!problems.isEmpty()) {
            // Somebody may have written a password behind the name of a key.
            throw new OptionsException(text.replaceAll("(key=[^,?]*\\?)[^,]*", "$1…"), problems);
        }
    }
}
