package dev.ingot.core.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Expands the {@code @file} arguments of the {@code java} launcher. Build tools pass them and delete the files later, so an
 * image keeps what they said.
 */
final class ArgumentFiles {
    private static final String DISABLE = "--disable-@files";

    private ArgumentFiles() {}

    /** Replaces each {@code @file} before the main class by the arguments in it; {@code @@x} means {@code @x}. */
    static List<String> expand(List<String> arguments, Path workingDirectory) throws IOException {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean inProgram = !CommandLine.parse(result).program().isEmpty();
            if (inProgram || argument.equals(DISABLE)) {
                result.addAll(arguments.subList(i, arguments.size()));
                return result;
            }
            if (argument.startsWith("@@")) {
                result.add(argument.substring(1));
            } else if (argument.startsWith("@") && argument.length() > 1) {
                result.addAll(words(Files.readString(workingDirectory.resolve(argument.substring(1)))));
            } else {
                result.add(argument);
            }
        }
        return result;
    }

    /** Cuts the text of an argument file into arguments by the rules of the launcher. */
    static List<String> words(String text) {
        return new Scanner(text).words();
    }

    private static final class Scanner {
        private final String text;
        private final List<String> words = new ArrayList<>();
        private final StringBuilder word = new StringBuilder();
        private boolean inWord;
        private int position;

        Scanner(String text) {
            this.text = text;
        }

        List<String> words() {
            while (position < text.length()) {
                char c = text.charAt(position++);
                switch (c) {
                    case ' ', '\t', '\n', '\r', '\f' -> endWord();
                    case '#' -> commentOrText();
                    case '"', '\'' -> quoted(c);
                    case '\\' -> continuationOrText();
                    default -> text(c);
                }
            }
            endWord();
            return words;
        }

        private void text(char c) {
            inWord = true;
            word.append(c);
        }

        private void endWord() {
            if (inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
        }

        private void commentOrText() {
            if (inWord) {
                text('#');
                return;
            }
            while (position < text.length() && !isLineEnd(text.charAt(position))) {
                position++;
            }
        }

        private void quoted(char quote) {
            inWord = true;
            while (position < text.length()) {
                char c = text.charAt(position++);
                if (c == quote) {
                    return;
                }
                if (c == '\\' && position < text.length()) {
                    escaped(text.charAt(position++));
                } else {
                    word.append(c);
                }
            }
        }

        private void escaped(char c) {
            switch (c) {
                case 'n' -> word.append('\n');
                case 'r' -> word.append('\r');
                case 't' -> word.append('\t');
                case 'f' -> word.append('\f');
                case '\n', '\r' -> skipLineStart();
                default -> word.append(c);
            }
        }

        // Outside quotes a backslash is text, except at the end of a line, where it joins the lines.
        private void continuationOrText() {
            if (position < text.length() && isLineEnd(text.charAt(position))) {
                skipLineStart();
            } else {
                text('\\');
            }
        }

        private void skipLineStart() {
            while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
                position++;
            }
        }

        private static boolean isLineEnd(char c) {
            return c == '\n' || c == '\r';
        }
    }
}
