package dev.ingot.scheduler.spec;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** What somebody who wrote a word that does not exist may have meant. */
final class Suggestion {
    private static final int MOST_EDITS = 2;

    private Suggestion() {}

    /** What to put behind the statement that there is no such word. */
    static String instead(String word, Set<String> known) {
        Optional<String> nearest = known.stream()
                .filter(candidate -> edits(word, candidate) <= MOST_EDITS || candidate.startsWith(word))
                .min(Comparator.comparingInt(candidate -> edits(word, candidate)));
        return nearest.map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("; there are " + String.join(", ", known));
    }

    /** Characters to insert, delete, change, or exchange with their neighbour, to get from one word to the other. */
    static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : fewest(from, to, edits, i, j);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int fewest(String from, String to, int[][] edits, int i, int j) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int fewest = Math.min(edits[i - 1][j - 1] + change, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean exchanged =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return exchanged ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
    }
}
