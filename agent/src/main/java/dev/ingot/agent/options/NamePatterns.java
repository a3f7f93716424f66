package dev.ingot.agent.options;

import java.util.List;
import java.util.function.Predicate;

/**
 * A set of names, of classes or of system properties, written as patterns in which {@code *} stands for any characters, dots too.
 *
 * @param patterns none matches no name
 */
public record NamePatterns(List<String> patterns) implements Predicate<String> {

    public NamePatterns {
        patterns = List.copyOf(patterns);
    }

    @Override
    public boolean test(String name) {
        return matches(name);
    }

    /** Whether a name belongs to the set. That of a class may be in either form, {@code a.b.C} or {@code a/b/C}. */
    public boolean matches(String className) {
        for (int i = 0; i < patterns.size(); i++) {
            if (matches(patterns.get(i), className)) {
                return true;
            }
        }
        return false;
    }

    /** Greedy match that returns to the latest star, which is enough where a star takes any characters. */
    private static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resumeAt = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resumeAt = n;
            } else if (p < pattern.length() && same(pattern.charAt(p), name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resumeAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    private static boolean same(char inPattern, char inName) {
        return inPattern == inName || (inPattern == '.' && inName == '/');
    }
}
