package dev.ingot.cli;

import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.simulation.Costs;
import dev.ingot.scheduler.simulation.OpenbTrace;
import dev.ingot.scheduler.simulation.Simulation;
import dev.ingot.scheduler.simulation.Summary;
import dev.ingot.scheduler.simulation.Trace;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        description = {
            "Runs the pool's decisions over a trace of a real cluster, on a virtual clock, and says how each tier fared.",
            "Traces are those of Alibaba's GPU cluster of 2023 (openb): a list of nodes and one of pods."
        },
        footer = {"", "Example:", "  ingot pool simulate --nodes nodes.csv --pods pods.csv --csv usage.csv"},
        mixinStandardHelpOptions = true)
final class PoolSimulate implements Callable<Integer> {
    @Option(names = "--nodes", paramLabel = "FILE", required = true, description = "The list of nodes.")
    private Path nodes = Path.of("");

    @Option(names = "--pods", paramLabel = "FILE", required = true, description = "The list of pods.")
    private Path pods = Path.of("");

    @Option(names = "--csv", paramLabel = "FILE", description = "Writes what was used when, one row every --sample.")
    private @Nullable Path csv;

    @Option(
            names = "--sample",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "How far apart rows are (default: ${DEFAULT-VALUE}).")
    private Duration sample = Duration.ZERO;

    @Option(
            names = "--speedup",
            paramLabel = "N",
            defaultValue = "1",
            description = "Has pods arrive this many times as fast (default: ${DEFAULT-VALUE}).")
    private int speedup;

    @Option(
            names = "--start-cost",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How long a start or resume takes (default: ${DEFAULT-VALUE}).")
    private Duration startCost = Duration.ZERO;

    @Option(
            names = "--suspend-cost",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How long a suspension takes (default: ${DEFAULT-VALUE}).")
    private Duration suspendCost = Duration.ZERO;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        try (Writer rows = csv == null ? Writer.nullWriter() : Files.newBufferedWriter(csv)) {
            Trace trace = OpenbTrace.read(nodes, pods, Math.max(1, speedup));
            Costs costs = new Costs(startCost.toMillis(), suspendCost.toMillis());
            Table table = new Table("TIER", "JOBS", "STARTED", "ENDED", "SUSPENSIONS", "MEAN WAIT", "MEAN TURNAROUND");
            for (Summary summary : new Simulation(trace, Policy.USUAL, costs)
                    .run(Math.max(1, sample.toMillis()), Long.MAX_VALUE, rows)) {
                table.add(
                        PoolJson.text(summary.tier()),
                        Long.toString(summary.jobs()),
                        Long.toString(summary.started()),
                        Long.toString(summary.ended()),
                        Long.toString(summary.suspensions()),
                        Amount.duration(Duration.ofMillis(summary.meanWaitMillis())),
                        Amount.duration(Duration.ofMillis(summary.meanTurnaroundMillis())));
            }
            PrintWriter out = spec.commandLine().getOut();
            table.print(out);
            out.flush();
            return ExitCode.OK;
        } catch (IOException | NumberFormatException failure) {
            throw new CommandException("cannot simulate: " + failure.getMessage(), failure);
        }
    }
}
