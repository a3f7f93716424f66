package dev.ingot.cli;

import dev.ingot.core.image.LaunchPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = "Runs a java command under Ingot: this process becomes the program.",
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

    @Option(names = "--print", description = "Prints the command, one argument a line, instead of running it.")
    private boolean print;

    @Parameters(paramLabel = "COMMAND", description = "The java command and its arguments.", arity = "1..*")
    private List<String> command = List.of();

    @Override
    public Integer call() throws CommandException {
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
        return new Launch(Path.of("").toAbsolutePath(), Map.of(), full).start();
    }

    private List<String> agentOptions() {
        List<String> result = new ArrayList<>();
        result.add("images=" + LaunchPlan.escaped(images.directory().toString()));
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
