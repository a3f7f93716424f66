package dev.ingot.cli;

import dev.ingot.scheduler.pool.Placement;
import dev.ingot.scheduler.pool.Policy;
import dev.ingot.scheduler.pool.Preemption;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.simulation.AzureTrace;
import dev.ingot.scheduler.simulation.Costs;
import dev.ingot.scheduler.simulation.Departments;
import dev.ingot.scheduler.simulation.GavelTrace;
import dev.ingot.scheduler.simulation.KueueTrace;
import dev.ingot.scheduler.simulation.MadeTrace;
import dev.ingot.scheduler.simulation.OpenbTrace;
import dev.ingot.scheduler.simulation.Packing;
import dev.ingot.scheduler.simulation.PhillyTrace;
import dev.ingot.scheduler.simulation.PolluxTrace;
import dev.ingot.scheduler.simulation.Simulation;
import dev.ingot.scheduler.simulation.Summary;
import dev.ingot.scheduler.simulation.Trace;
import dev.ingot.scheduler.simulation.UsageChart;
import dev.ingot.scheduler.simulation.UsageCsv;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
                    + " clusters of Philly; run times of Philly; requests to language models in Azure.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  ingot simulate --nodes nodes.csv --pods pods.csv --csv usage.csv",
            "  ingot simulate --nodes nodes.csv --pods pods.csv --fill 130",
            "  ingot simulate --pollux workload-1.csv --measured app-traces --machines 16 --sample 1m",
            "  ingot simulate --gavel traces/msr/seed=0 --measured simulation_throughputs.json --machines 20x8 --departments",
            "  ingot simulate --philly philly_runtime.csv --machines 50x8 --load 110",
            "  ingot simulate --azure AzureLLMInferenceTrace_conv.csv --machines 4x4 --sample 10s --svg service.svg",
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

    @Option(
            names = "--made",
            paramLabel = "NODES",
            description = "Instead of a trace, one made up for so many nodes, alike for all numbers of them.")
    private @Nullable Integer made;

    @Option(names = "--pollux", paramLabel = "FILE", description = "One of Pollux's workloads.")
    private @Nullable Path pollux;

    @Option(names = "--gavel", paramLabel = "DIR", description = "Gavel's traces of virtual clusters, each a tenant.")
    private @Nullable Path gavel;

    @Option(
            names = "--philly",
            paramLabel = "FILE",
            description = "Run times of Microsoft's Philly; arrivals are made up, by --load.")
    private @Nullable Path philly;

    @Option(
            names = "--azure",
            paramLabel = "FILE",
            description =
                    "One of Azure's traces of requests to language models, which a Premium service answers beside Basic batch work.")
    private @Nullable Path azure;

    @Option(
            names = "--load",
            paramLabel = "PERCENT",
            defaultValue = "90",
            description = "Of what the nodes can do, where arrivals are made up (default: ${DEFAULT-VALUE}).")
    private double load;

    @Option(
            names = "--measured",
            paramLabel = "PATH",
            description = "What was measured of the programs in them: Pollux's app-traces, or Gavel's throughputs.")
    private @Nullable Path measured;

    @Option(
            names = "--standing",
            paramLabel = "alike|tenants|tiers",
            defaultValue = "tenants",
            description =
                    "Whether programs in Pollux's workloads are of one tenant, tenants of one tier, or of the tier that suits how"
                            + " long they are known to take (default: ${DEFAULT-VALUE}).")
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
            names = "--journal",
            paramLabel = "DIR",
            description =
                    "Also writes the pool's journal, as a real one does: what happens in one millisecond is forced to disk before anything that"
                            + " follows. A new or empty directory.")
    private @Nullable Path journal;

    @Option(
            names = "--departments",
            description =
                    "Also runs the trace on a cluster of its own for each tenant, or each tier where there is one tenant, with machines in"
                            + " proportion to their work, to compare.")
    private boolean departments;

    @Option(
            names = "--least-served-first",
            description =
                    "Within a tenant and tier, those that have had less go first and take room from those that have had more.")
    private boolean leastServedFirst;

    @Option(
            names = "--reserve",
            description = "Has each tenant's jobs be Premium and reserves for it what its own cluster would have.")
    private boolean reserve;

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
            names = "--fill",
            paramLabel = "PERCENT",
            description =
                    "Instead of what happened when: pods come in random order, and more drawn from them, until they have asked for so"
                            + " much of all devices. They stay. Says how much of the devices they hold, for each way to place them.")
    private @Nullable Double fill;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many random orders to fill it in (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--defragment",
            description =
                    "With --fill: in the end, workloads are moved as long as that lets others start; says how many moved.")
    private boolean defragment;

    @Option(
            names = "--placement",
            paramLabel = "fragmentation|best_fit|first_fit|dot_product",
            description =
                    "On which of the nodes with room a workload starts (default: fragmentation; with --fill each of them).")
    private @Nullable Placement placement;

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
    private static final long MICRO_NANOS = 1000;
    /** Of fewer samples there is no average worth saying. */
    private static final int FEWEST_SAMPLES = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws CommandException {
        try {
            PrintWriter out = spec.commandLine().getOut();
            if (fill != null && nodes != null && pods != null) {
                fill(nodes, pods, fill / 100, out);
                return ExitCode.OK;
            }
            Trace trace = trace();
            List<Trace> parts = Departments.of(trace);
            List<Ran> runs = new ArrayList<>();
            runs.add(
                    reserve
                            ? runPool(List.of(trace.in(Tier.PREMIUM)), Departments.reservations(parts), out)
                            : runPool(List.of(trace), Map.of(), out));
            if (departments) {
                out.println();
                runs.add(run("A cluster for each", parts, Map.of(), null, out));
                compare(runs.get(0), runs.get(1), out);
            }
            out.flush();
            write(runs);
            return ExitCode.OK;
        } catch (IOException | UncheckedIOException | NumberFormatException failure) {
            throw new CommandException("cannot simulate: " + failure.getMessage(), failure);
        }
    }

    private Trace trace() throws IOException, CommandException {
        long kinds = Stream.of(kueue, made, pods, pollux, gavel, philly, azure)
                .filter(Objects::nonNull)
                .count();
        if (kinds == 1 && kueue != null) {
            return KueueTrace.of(Math.max(1, kueue));
        } else if (kinds == 1 && made != null) {
            return MadeTrace.of(Math.max(1, made));
        } else if (kinds == 1 && nodes != null && pods != null) {
            return OpenbTrace.read(nodes, pods, Math.max(1, speedup));
        } else if (kinds == 1 && pollux != null && measured != null) {
            PolluxTrace.Standing chosen = PolluxTrace.Standing.valueOf(standing.toUpperCase(Locale.ROOT));
            return PolluxTrace.read(pollux, measured, chosen, machines(0));
        } else if (kinds == 1 && gavel != null && measured != null) {
            return GavelTrace.read(gavel, measured, machines(0), machines(1));
        } else if (kinds == 1 && philly != null) {
            if (!(load > 0)) {
                throw new CommandException("--load must be more than 0, as in --load 90");
            }
            return PhillyTrace.read(philly, machines(0), machines(1), load / 100);
        } else if (kinds == 1 && azure != null) {
            return AzureTrace.read(azure, machines(0), machines(1));
        }
        throw new CommandException(
                "give one of: --nodes and --pods, --pollux and --measured, --gavel and --measured, --philly, --azure,"
                        + " --kueue, --made");
    }

    private void fill(Path nodeList, Path podList, double load, PrintWriter out) throws IOException {
        Table table = new Table("PLACEMENT", "DEVICES HELD", "LEAST", "MOST", "FOR EACH DECISION", "MOVED");
        for (Placement each : placement == null ? Placement.values() : new Placement[] {placement}) {
            DoubleSummaryStatistics held = new DoubleSummaryStatistics();
            long decisions = 0;
            long spent = 0;
            long moves = 0;
            for (int seed = 1; seed <= seeds; seed++) {
                Trace trace = OpenbTrace.packing(nodeList, podList, load, seed);
                long before = cpuNanos();
                Packing packing = Packing.of(trace, each, defragment);
                spent += cpuNanos() - before;
                decisions += packing.decisions();
                moves += packing.moves();
                held.accept(packing.held());
            }
            table.add(
                    PoolJson.text(each),
                    percent(held.getAverage()),
                    percent(held.getMin()),
                    percent(held.getMax()),
                    spent / MICRO_NANOS / Math.max(1, decisions) + " us",
                    Long.toString(moves / Math.max(1, seeds)));
        }
        table.print(out);
        out.flush();
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * part);
    }

    private int machines(int part) {
        String[] parts = machines.split("x", 2);
        return part < parts.length ? Integer.parseInt(parts[part]) : 4;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void write(List<Ran> runs) throws IOException {
        if (csv != null) {
            try (Writer rows = Files.newBufferedWriter(csv)) {
                UsageCsv.writeHeader(rows);
                for (Ran run : runs) {
                    UsageCsv.write(run.title.toLowerCase(Locale.ROOT), run.samples, rows);
                }
            }
        }
        if (svg != null) {
            UsageChart chart = new UsageChart();
            runs.forEach(run -> chart.add(run.use, run.samples));
            Files.writeString(svg, chart.draw());
        }
    }

    /** A mean says nothing where one run could not do what the other one could. */
    private static void compare(Ran pool, Ran departments, PrintWriter out) {
        List<String> both = pool.turnarounds.keySet().stream()
                .filter(departments.turnarounds::containsKey)
                .toList();
        out.println(both.size() + " jobs ended both times, after " + mean(pool, both) + " and "
                + mean(departments, both) + " on the average");
    }

    private static String mean(Ran run, List<String> jobs) {
        double millis = jobs.stream()
                .mapToLong(job -> run.turnarounds.getOrDefault(job, 0L))
                .average()
                .orElse(0);
        return Amount.duration(Duration.ofMillis(Math.round(millis)));
    }

    private static String use(List<Usage> samples, long arrivals) {
        long known =
                samples.stream().filter(each -> each.atMillis() <= arrivals).count();
        return known < FEWEST_SAMPLES
                ? "what was in use takes a shorter --sample to say"
                : String.format(
                        Locale.ROOT,
                        "%.1f %% in use on the average, until the last arrival",
                        100 * UsageChart.meanUse(samples, arrivals, UsageChart.amountOf(samples)));
    }

    /**
     * What came of a run.
     *
     * @param use what was in use, as a line for people
     * @param turnarounds in milliseconds, by job
     */
    private record Ran(String title, String use, List<Usage> samples, Map<String, Long> turnarounds) {}

    private Ran runPool(List<Trace> clusters, Map<String, Resources> reservations, PrintWriter out)
            throws IOException, CommandException {
        if (journal == null) {
            return run("One pool", clusters, reservations, null, out);
        }
        try (SimulatedJournal memory = SimulatedJournal.open(journal, policy())) {
            return run("One pool", clusters, reservations, memory, out);
        }
    }

    private Policy policy() {
        return Policy.USUAL
                .withLeastServedFirst(leastServedFirst)
                .withPlacement(placement == null ? Placement.FRAGMENTATION : placement);
    }

    private Ran run(
            String title,
            List<Trace> clusters,
            Map<String, Resources> reservations,
            @Nullable SimulatedJournal memory,
            PrintWriter out) {
        Policy policy = policy();
        Costs costs = new Costs(startCost.toMillis(), suspendCost.toMillis());
        Table table = new Table("TIER", "JOBS", "STARTED", "ENDED", "SUSPENSIONS", "MEAN WAIT", "MEAN TURNAROUND");
        List<List<Usage>> samples = new ArrayList<>();
        Map<String, Long> turnarounds = new HashMap<>();
        long jobs = 0;
        long spent = 1;
        long passed = 1;
        long decisions = 0;
        long end = 0;
        double kept = 1;
        Map<Preemption, Long> preemptions = new EnumMap<>(Preemption.class);
        for (Trace cluster : clusters) {
            List<Usage> own = new ArrayList<>();
            Simulation simulation = memory == null
                    ? new Simulation(cluster, reservations, policy, costs)
                    : new Simulation(cluster, reservations, memory.pool(), costs, memory);
            long before = cpuNanos();
            long begin = System.nanoTime();
            List<Summary> summaries = simulation.run(Math.max(1, sample.toMillis()), Long.MAX_VALUE, own::add);
            spent += cpuNanos() - before;
            passed += System.nanoTime() - begin;
            decisions += simulation.commands();
            end = Math.max(end, simulation.endMillis());
            samples.add(own);
            kept = simulation.guaranteeKept();
            simulation.preemptions().forEach((why, times) -> preemptions.merge(why, times, Long::sum));
            jobs += cluster.jobs().size();
            turnarounds.putAll(simulation.turnarounds());
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
        String use = title + ": " + use(together, arrivals);
        out.println(use);
        table.print(out);
        long turnaround =
                turnarounds.values().stream().mapToLong(Long::longValue).sum() / Math.max(1, turnarounds.size());
        long never = jobs - turnarounds.size();
        out.println("Mean turnaround of all" + (never == 0 ? "" : " that ended") + ": "
                + Amount.duration(Duration.ofMillis(turnaround)) + ", " + turnaround / MILLIS + " s");
        if (never > 0) {
            out.println(never + " never started: they need more than there is");
        }
        out.println("All ended within " + Amount.duration(Duration.ofMillis(end)) + "; " + decisions + " decisions, "
                + decisions * SECOND_NANOS / spent + " for each second of processor time");
        if (memory != null) {
            out.println(memory.forces() + " groups were forced to disk: " + decisions * SECOND_NANOS / passed
                    + " decisions for each second that passed");
        }
        if (!preemptions.isEmpty()) {
            out.println("Suspended "
                    + preemptions.entrySet().stream()
                            .map(each -> times(each.getKey(), each.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        if (!reservations.isEmpty()) {
            out.println(String.format(
                    Locale.ROOT, "Of what reservations owed to Premium, %.3f %% was there within 5 s", 100 * kept));
        }
        return new Ran(title, use, together, turnarounds);
    }

    private static String times(Preemption why, long times) {
        return times
                + switch (why) {
                    case STRONGER -> " times for who stands better";
                    case LENT -> " times because lent";
                    case LESS_SERVED -> " times for who had had less";
                    case TURN -> " times in turns of tenants";
                };
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
