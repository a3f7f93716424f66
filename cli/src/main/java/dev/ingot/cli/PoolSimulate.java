package dev.ingot.cli;

import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.simulation.Costs;
import dev.ingot.scheduler.simulation.Departments;
import dev.ingot.scheduler.simulation.GavelTrace;
import dev.ingot.scheduler.simulation.KueueTrace;
import dev.ingot.scheduler.simulation.OpenbTrace;
import dev.ingot.scheduler.simulation.PolluxTrace;
import dev.ingot.scheduler.simulation.Simulation;
import dev.ingot.scheduler.simulation.Summary;
import dev.ingot.scheduler.simulation.Trace;
import dev.ingot.scheduler.simulation.UsageChart;
import dev.ingot.scheduler.simulation.UsageCsv;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "simulate",
        description = {
            "Runs the pool's decisions over a trace of a real cluster, on a virtual clock, and says how each tier fared.",
            "Traces are those of Alibaba's GPU cluster of 2023 (openb): a list of nodes and one of pods; Pollux's workloads; Gavel's virtual"
                    + " clusters of Philly.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot simulate --nodes nodes.csv --pods pods.csv --csv usage.csv",
            "  ingot simulate --pollux workload-1.csv --measured app-traces --machines 16 --sample 1m",
            "  ingot simulate --gavel traces/msr/seed=0 --measured simulation_throughputs.json --machines 20x8 --departments",
            "  ingot simulate --kueue 30 --sample 1s --start-cost 0s --suspend-cost 0s"
        },
        mixinStandardHelpOptions = true)
final class PoolSimulate implements Callable<Integer> {
    @Option(names = "--nodes", paramLabel = "FILE", description = "The list of nodes.")
    private @Nullable Path nodes;

    @Option(names = "--pods", paramLabel = "FILE", description = "The list of pods.")
    private @Nullable Path pods;

    @Option(
            names = "--kueue",
            paramLabel = "QUEUES",
            description = "Instead of a trace, Kueue's baseline with so many queues.")
    private @Nullable Integer kueue;

    @Option(names = "--pollux", paramLabel = "FILE", description = "One of Pollux's workloads.")
    private @Nullable Path pollux;

    @Option(names = "--gavel", paramLabel = "DIR", description = "Gavel's traces of virtual clusters, each a tenant.")
    private @Nullable Path gavel;

    @Option(
            names = "--measured",
            paramLabel = "PATH",
            description = "What was measured of the programs in them: Pollux's app-traces, or Gavel's throughputs.")
    private @Nullable Path measured;

    @Option(
            names = "--standing",
            paramLabel = "tenants|tiers",
            defaultValue = "tenants",
            description =
                    "Whether programs in Pollux's workloads are tenants of one tier, or of the tier that suits how long they are"
                            + " known to take (default: ${DEFAULT-VALUE}).")
    private String standing = "";

    @Option(
            names = "--machines",
            paramLabel = "N[xDEVICES]",
            defaultValue = "16x4",
            description =
                    "Nodes, where a trace has none of its own; Pollux's have 4 devices (default: ${DEFAULT-VALUE}).")
    private String machines = "";

    @Option(names = "--csv", paramLabel = "FILE", description = "Writes what was used when, one row every --sample.")
    private @Nullable Path csv;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draws what was used when, by tier.")
    private @Nullable Path svg;

    @Option(
            names = "--departments",
            description =
                    "Also runs the trace on as many clusters of their own as there are tiers, with machines in proportion to"
                            + " their work, to compare.")
    private boolean departments;

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

    private static final long MILLIS = 1000;
    private static final long SECOND_NANOS = 1_000_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        try {
            Trace trace = trace();
            PrintWriter out = spec.commandLine().getOut();
            UsageChart chart = new UsageChart();
            List<Usage> pool = run("One pool", List.of(trace), chart, out);
            if (departments) {
                out.println();
                run("A cluster for each tier", Departments.of(trace), chart, out);
            }
            out.flush();
            write(pool, chart);
            return ExitCode.OK;
        } catch (IOException | NumberFormatException failure) {
            throw new CommandException("cannot simulate: " + failure.getMessage(), failure);
        }
    }

    private Trace trace() throws IOException, CommandException {
        long kinds =
                Stream.of(kueue, pods, pollux, gavel).filter(Objects::nonNull).count();
        if (kinds == 1 && kueue != null) {
            return KueueTrace.of(Math.max(1, kueue));
        } else if (kinds == 1 && nodes != null && pods != null) {
            return OpenbTrace.read(nodes, pods, Math.max(1, speedup));
        } else if (kinds == 1 && pollux != null && measured != null) {
            PolluxTrace.Standing chosen = PolluxTrace.Standing.valueOf(standing.toUpperCase(Locale.ROOT));
            return PolluxTrace.read(pollux, measured, chosen, machines(0));
        } else if (kinds == 1 && gavel != null && measured != null) {
            return GavelTrace.read(gavel, measured, machines(0), machines(1));
        }
        throw new CommandException(
                "give one of: --nodes and --pods, --pollux and --measured, --gavel and --measured, --kueue");
    }

    private int machines(int part) {
        String[] parts = machines.split("x", 2);
        return part < parts.length ? Integer.parseInt(parts[part]) : 4;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void write(List<Usage> pool, UsageChart chart) throws IOException {
        if (csv != null) {
            try (Writer rows = Files.newBufferedWriter(csv)) {
                UsageCsv.write(pool, rows);
            }
        }
        if (svg != null) {
            Files.writeString(svg, chart.draw());
        }
    }

    private List<Usage> run(String title, List<Trace> clusters, UsageChart chart, PrintWriter out) {
        Costs costs = new Costs(startCost.toMillis(), suspendCost.toMillis());
        Table table = new Table("TIER", "JOBS", "STARTED", "ENDED", "SUSPENSIONS", "MEAN WAIT", "MEAN TURNAROUND");
        List<List<Usage>> samples = new ArrayList<>();
        long turnaround = 0;
        long ended = 0;
        long spent = 1;
        long decisions = 0;
        long end = 0;
        for (Trace cluster : clusters) {
            List<Usage> own = new ArrayList<>();
            Simulation simulation = new Simulation(cluster, Policy.USUAL, costs);
            long before = cpuNanos();
            List<Summary> summaries = simulation.run(Math.max(1, sample.toMillis()), Long.MAX_VALUE, own::add);
            spent += cpuNanos() - before;
            decisions += simulation.commands();
            end = Math.max(end, simulation.endMillis());
            samples.add(own);
            for (Summary summary : summaries) {
                ended += summary.ended();
                turnaround += summary.ended() * summary.meanTurnaroundMillis();
            }
            summaries.stream()
                    .filter(summary -> clusters.size() == 1 || summary.jobs() > 0)
                    .forEach(summary -> add(summary, table));
        }
        List<Usage> together = Departments.together(samples);
        long arrivals = clusters.stream()
                .flatMap(cluster -> cluster.jobs().stream())
                .mapToLong(Trace.Job::arrivalMillis)
                .max()
                .orElse(0);
        String use = String.format(
                Locale.ROOT,
                "%s: %.1f %% in use on the average, until the last arrival",
                title,
                100 * UsageChart.meanUse(together, arrivals, UsageChart.amountOf(together)));
        out.println(use);
        table.print(out);
        out.println("Mean turnaround of all: " + Amount.duration(Duration.ofMillis(turnaround / Math.max(1, ended)))
                + ", " + turnaround / Math.max(1, ended) / MILLIS + " s");
        out.println("All ended within " + Amount.duration(Duration.ofMillis(end)) + "; " + decisions + " decisions, "
                + decisions * SECOND_NANOS / spent + " for each second of processor time");
        chart.add(use, together);
        return together;
    }

    private static void add(Summary summary, Table table) {
        table.add(
                PoolJson.text(summary.tier()),
                Long.toString(summary.jobs()),
                Long.toString(summary.started()),
                Long.toString(summary.ended()),
                Long.toString(summary.suspensions()),
                Amount.duration(Duration.ofMillis(summary.meanWaitMillis())),
                Amount.duration(Duration.ofMillis(summary.meanTurnaroundMillis())));
    }
}
