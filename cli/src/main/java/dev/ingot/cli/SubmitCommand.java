package dev.ingot.cli;

import dev.ingot.core.image.ImageName;
import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "submit",
        description = {
            "Gives a java command to the pool, which runs it where there is room, and prints the id of the workload.",
            "",
            "It may be suspended for a stronger tier and goes on by itself; if its node is lost it goes on from its newest"
                    + " image elsewhere, or begins again where it has none.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot submit -- java -jar app.jar",
            "  ingot submit --tier basic --every 10s --memory 1g -- java -cp lib/* com.example.Job"
        },
        mixinStandardHelpOptions = true,
        customSynopsis = "ingot submit [OPTIONS] [--] java [JVM-OPTIONS] MAIN [ARGUMENTS]")
final class SubmitCommand implements Callable<Integer> {
    private static final double MILLI = 1000;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--name", paramLabel = "NAME", description = "Begins the id (default: the main class or jar).")
    private @Nullable String name;

    @Option(
            names = "--tier",
            paramLabel = "TIER",
            defaultValue = "standard",
            description =
                    "premium, standard or basic; a stronger tier suspends weaker ones (default: ${DEFAULT-VALUE}).")
    private Tier tier = Tier.STANDARD;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            defaultValue = PoolJson.DEFAULT_TENANT,
            description = "On whose reservation it runs, if it is Premium (default: ${DEFAULT-VALUE}).")
    private String tenant = PoolJson.DEFAULT_TENANT;

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            description = "The place in the queue of its tier, higher first (default: ${DEFAULT-VALUE}).")
    private int priority;

    @Option(
            names = "--cores",
            paramLabel = "N",
            defaultValue = "1",
            description = "Processor cores it needs, such as 0.5 (default: ${DEFAULT-VALUE}).")
    private double cores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "512m",
            converter = MemoryConverter.class,
            description = "Memory it needs, such as 2g (default: ${DEFAULT-VALUE}).")
    private Long memory = 0L;

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How often an image is written (default: ${DEFAULT-VALUE}).")
    private Duration every = Duration.ZERO;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "Sets a variable; may be given several times.")
    private Map<String, String> environment = Map.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "COMMAND", description = "The java command and its arguments.", arity = "1..*")
    private List<String> command = List.of();

    @Override
    public Integer call() throws CommandException, PoolException, JsonException {
        if (!JavaLauncher.isOne(command.get(0))) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "cannot run '" + command.get(0) + "' in the pool: the command must begin with java");
        }
        JsonWriter request =
                JsonWriter.compact().member("key", UUID.randomUUID().toString()).object("spec");
        PoolJson.spec(request, workload());
        request.end();
        String id = pool.client().post("/v1/workloads", request.finish()).string("id");
        spec.commandLine().getOut().println(id);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private WorkloadSpec workload() {
        String derived = dev.ingot.core.image.CommandLine.parse(command.subList(1, command.size()))
                .main();
        return new WorkloadSpec(
                name == null ? ImageName.derive(derived) : ImageName.require(name),
                tenant,
                tier,
                priority,
                new Resources(Math.round(cores * MILLI), memory, 0),
                command,
                Path.of("").toAbsolutePath().toString(),
                environment,
                every.toMillis());
    }
}
