package dev.ingot.cli;

import java.io.PrintWriter;
import java.util.Set;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code ingot} command itself: names the subcommands and turns failures into messages and exit codes. */
@Command(
        name = "ingot",
        description = "Checkpoints JVM programs into portable images and resumes them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            PsCommand.class,
            CheckpointCommand.class,
            SuspendCommand.class,
            ResumeCommand.class,
            ImagesCommand.class,
            InspectCommand.class,
            DiffCommand.class,
            VerifyCommand.class,
            DoctorCommand.class,
            UpCommand.class,
            NodeCommand.class,
            SubmitCommand.class,
            PoolTop.class,
            PoolNodes.class,
            PoolTenants.class,
            PoolTiers.class,
            PoolDescribe.class,
            PoolWhy.class,
            PoolLogs.class,
            PoolEvents.class,
            PoolPlan.class,
            PoolMigrate.class,
            PoolCancel.class,
            PoolCordon.class,
            PoolUncordon.class,
            PoolDrain.class,
            PoolReserve.class,
            PoolSimulate.class,
            DashboardCommand.class,
            PoolCommand.class,
            AutoComplete.GenerateCompletion.class,
            HelpCommand.class
        },
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
        CommandLine line = commandLine();
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

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new IngotCommand());
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
