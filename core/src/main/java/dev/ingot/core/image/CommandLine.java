package dev.ingot.core.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The arguments of the {@code java} launcher, cut where the program begins.
 *
 * @param options what the JVM gets, without the launcher itself
 * @param program from the main class, {@code -jar} or {@code -m} on; empty if the arguments name none
 */
public record CommandLine(List<String> options, List<String> program) {
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-exports",
            "--add-opens",
            "--add-reads",
            "--patch-module",
            "--enable-native-access",
            "--source");
    private static final Set<String> PROGRAM = Set.of("-jar", "-m", "--module");

    public CommandLine {
        options = List.copyOf(options);
        program = List.copyOf(program);
    }

    /** Cuts {@code arguments}, which do not contain the launcher. */
    public static CommandLine parse(List<String> arguments) {
        List<String> options = new ArrayList<>();
        int i = 0;
        while (i < arguments.size() && !beginsProgram(arguments.get(i))) {
            String option = arguments.get(i++);
            options.add(option);
            if (WITH_VALUE.contains(option) && i < arguments.size()) {
                options.add(arguments.get(i++));
            }
        }
        return new CommandLine(options, arguments.subList(i, arguments.size()));
    }

    private static boolean beginsProgram(String argument) {
        return PROGRAM.contains(argument) || argument.startsWith("--module=") || !argument.startsWith("-");
    }

    /** The main class, jar or module as written; empty if there is none. */
    public String main() {
        if (program.isEmpty()) {
            return "";
        }
        String first = program.get(0);
        if (first.startsWith("--module=")) {
            return first.substring("--module=".length());
        }
        if (!PROGRAM.contains(first)) {
            return first;
        }
        return program.size() > 1 ? program.get(1) : "";
    }
}
