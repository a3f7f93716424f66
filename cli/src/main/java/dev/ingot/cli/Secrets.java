package dev.ingot.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides values whose names say that they are secret. */
final class Secrets {
    static final String MASK = "********";

    private static final Pattern NAME = Pattern.compile(
            "(?i)pass(word|wd|phrase)?\\b|passw|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key");
    private static final Pattern ASSIGNMENT = Pattern.compile("(--?[A-Za-z0-9][^=\\s]*)=(.*)", Pattern.DOTALL);
    private static final Pattern URL_USER = Pattern.compile("(://[^/@:\\s]*):[^/@\\s]*@");

    private Secrets() {}

    static Map<String, String> masked(Map<String, String> values) {
        Map<String, String> result = new TreeMap<>();
        values.forEach((name, value) -> result.put(name, isSecret(name) ? MASK : maskedUrl(value)));
        return result;
    }

    /** Arguments of a command line: {@code -Dpassword=x}, {@code --password=x} and {@code --password x}. */
    static List<String> masked(List<String> arguments) {
        String[] result = new String[arguments.size()];
        for (int i = 0; i < result.length; i++) {
            boolean follows = i > 0 && isOption(arguments.get(i - 1)) && isSecret(arguments.get(i - 1));
            result[i] = follows && !isOption(arguments.get(i)) ? MASK : masked(arguments.get(i));
        }
        return List.of(result);
    }

    private static boolean isOption(String argument) {
        return argument.startsWith("-") && argument.indexOf('=') < 0;
    }

    private static String masked(String argument) {
        Matcher assignment = ASSIGNMENT.matcher(argument);
        return assignment.matches() && isSecret(assignment.group(1))
                ? assignment.group(1) + "=" + MASK
                : maskedUrl(argument);
    }

    private static String maskedUrl(String value) {
        return URL_USER.matcher(value).replaceAll("$1:" + MASK + "@");
    }

    static boolean isSecret(String name) {
        return NAME.matcher(name).find();
    }
}
