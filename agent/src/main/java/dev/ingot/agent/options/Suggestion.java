package dev.ingot.agent.options;

import java.util.Locale;

/** Finds what a user probably meant to write. */
final class Suggestion {

    private Suggestion() {}

    /** The candidate fewest edits away from {@code written}; empty if none is near. */
    static String closest(String written, String[] candidates) {
        String lowered = written.toLowerCase(Locale.ROOT).replace('_', '-');
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(lowered, candidate);
            if (distance < bestDistance && distance <= tolerance(candidate)) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    private static int tolerance(String candidate) {
        return Math.max(1, (candidate.length() + 1) / 3);
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substitution = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(last[j], current[j - 1]) + 1);
                if (swapped(from, i, to, j)) {
                    current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = current;
        }
        return last[to.length()];
    }

    private static boolean swapped(String from, int i, String to, int j) {
        return i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
    }
}
