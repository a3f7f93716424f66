package dev.ingot.cli;

import dev.ingot.core.image.ImageName;
import dev.ingot.core.image.LaunchPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = {
            "Runs a java command under Ingot, and runs it on from its newest image when it is killed or crashes.",
            "",
            "Each line of its output is there once: what it wrote behind the image is taken back from a regular file, and"
                    + " held back from a pipe until the next image is complete or the program has ended (--output).",
            "",
            "SIGTERM, SIGINT and SIGHUP are passed on to the program; its exit code becomes that of this command, 85 if it was"
                    + " suspended.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot run --every 30s -- java -jar app.jar",
            "  ingot run --name job --resume --on-sigterm suspend -- java -cp lib/* com.example.Job"
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "ingot run [OPTIONS] [--] java [JVM-OPTIONS] MAIN [ARGUMENTS]")
final class RunCommand implements Callable<Integer> {
    private static final String AGENT = "-javaagent:";

    @Mixin
    private ImagesOption images = new ImagesOption();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The name of the images (default: the main class or jar).")
    private @Nullable String name;

    @Option(names = "--every", paramLabel = "DURATION", description = "Writes an image this often, such as 30s.")
    private @Nullable String every;

    @Option(
            names = "--on-sigterm",
            paramLabel = "ACTION",
            description = "What SIGTERM does: suspend, checkpoint or none.")
    private @Nullable String onSigterm;

    @Option(names = "--resume", description = "Goes on from the newest complete image of this name, if there is one.")
    private boolean resume;

    @Option(
            names = "--option",
            paramLabel = "KEY=VALUE",
            description = "Any other option of the agent; may be given several times.")
    private List<String> options = List.of();

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How often in a row to go on from one and the same image (default: ${DEFAULT-VALUE}); 0 for never.")
    private int restarts;

    @Option(
            names = "--output",
            paramLabel = "MODE",
            defaultValue = "auto",
            description =
                    "When output that is no regular file is passed on. exact: once no failover can repeat it; live:"
                            + " at once, leaving out what is repeated; direct: by the program itself, repeated lines too; auto: live"
                            + " on a terminal, else exact (default: ${DEFAULT-VALUE}).")
    private OutputMode output = OutputMode.AUTO;

    @Option(
            names = "--exec",
            description = "Becomes the program instead of watching over it: nothing goes on if it is killed.")
    private boolean exec;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--print", description = "Prints the command, one argument a line, instead of running it.")
    private boolean print;

    @Parameters(paramLabel = "COMMAND", description = "The java command and its arguments.", arity = "1..*")
    private List<String> command = List.of();

    @Override
    public Integer call() throws CommandException, IOException, InterruptedException {
        String launcher = command.get(0);
        if (!JavaLauncher.isOne(launcher)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "cannot run '" + launcher
                            + "' under Ingot: the command must begin with a java launcher; for a script"
                            + " that starts java, put the agent in JAVA_TOOL_OPTIONS");
        }
        List<String> full = new ArrayList<>();
        full.add(launcher);
        full.add(AGENT + Installation.agentJar() + "=" + String.join(",", agentOptions()));
        full.addAll(command.subList(1, command.size()));
        if (print) {
            full.forEach(System.out::println);
            return ExitCode.OK;
        }
        Path here = Path.of("").toAbsolutePath();
        if (exec) {
            return new Launch(here, Map.of(), full).start();
        }
        return new Supervisor(
                        images.trustedStore(),
                        imageName(),
                        mode(),
                        restarts,
                        spec.commandLine().getErr())
                .run(new Launch(here, Launch.asOfUser(), full), resume);
    }

    private OutputMode mode() {
        if (output != OutputMode.AUTO) {
            return output;
        }
        return StandardOutput.isTerminal() ? OutputMode.LIVE : OutputMode.EXACT;
    }

    /** As the agent will name the images. */
    private String imageName() {
        if (name != null) {
            return ImageName.require(name);
        }
        for (String option : options) {
            if (option.startsWith("name=")) {
                return ImageName.require(option.substring("name=".length()));
            }
        }
        return ImageName.derive(dev.ingot.core.image.CommandLine.parse(command.subList(1, command.size()))
                .main());
    }

    private List<String> agentOptions() {
        List<String> result = new ArrayList<>();
        result.add("images=" + LaunchPlan.escaped(images.directory().toString()));
        add(result, "key", images.key());
        add(result, "trusted", images.trustedPath());
        add(result, "name", name);
        add(result, "every", every);
        add(result, "on-sigterm", onSigterm);
        if (resume) {
            result.add("resume=auto");
        }
        for (String option : options) {
            result.add(LaunchPlan.escaped(option));
        }
        return result;
    }

    private static void add(List<String> options, String key, @Nullable String value) {
        if (value != null) {
            options.add(key + "=" + LaunchPlan.escaped(value));
        }
    }
}
