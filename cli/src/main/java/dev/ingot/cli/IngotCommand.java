package dev.ingot.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ingot} command itself: turns failures into messages and exit codes. */
@Command(
        name = "ingot",
        description = "Checkpoints JVM programs into portable images and resumes them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed; standard error says why",
            "2:wrong command line",
            "3:the program cannot be captured as it stands; it goes on"
        })
public final class IngotCommand {
    // What follows 'java' belongs to java.
    private static final Set<String> TAKES_A_COMMAND = Set.of("run", "doctor", "submit", "plan");

    private IngotCommand() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        CommandLine line = commandLine(arguments);
        line.setOut(new PrintWriter(new PlainWriter(line.getOut(), false), true));
        line.setErr(new PrintWriter(new PlainWriter(line.getErr(), true), true));
        System.exit(line.execute(arguments));
    }

    private static void takeCommands(CommandLine line) {
        line.getSubcommands().forEach((name, command) -> {
            command.setStopAtPositional(TAKES_A_COMMAND.contains(name));
            takeCommands(command);
        });
    }

    /** Makes the command with what is needed for a command line; with all commands if that is empty. */
    static CommandLine commandLine(String... words) {
        CommandLine line = CommandTree.of(new IngotCommand(), List.of(words));
        line.setExpandAtFiles(false);
        line.setAbbreviatedOptionsAllowed(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        takeCommands(line);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            PrintWriter err = command.getErr();
            int exitCode = Failures.report(failure, err);
            err.flush();
            return exitCode;
        });
        return line;
    }
}
