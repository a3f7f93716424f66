package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "top",
        description = {
            "Shows how full the pool is and what its workloads do, again and again until Ctrl-C.",
            "Where the output is no terminal, once."
        },
        mixinStandardHelpOptions = true)
final class PoolTop implements Callable<Integer> {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
    private static final int BAR = 40;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How often (default: ${DEFAULT-VALUE}).")
    private Duration every = Duration.ZERO;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many workloads are shown at most (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--once", description = "Shows it once.")
    private boolean once;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException, InterruptedException {
        Workloads workloads = new Workloads(pool.client());
        boolean again = !once && StandardOutput.isTerminal();
        do {
            String screen = screen(workloads.nodes(), workloads.all(true));
            if (again) {
                // Around the writer that keeps texts from steering the terminal.
                System.out.print(HOME_AND_CLEAR);
                System.out.flush();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(screen);
            out.flush();
            if (again) {
                TimeUnit.MILLISECONDS.sleep(Math.max(100, every.toMillis()));
            }
        } while (again);
        return ExitCode.OK;
    }

    private String screen(List<NodeView> nodes, List<WorkloadView> workloads) {
        Resources capacity = Resources.NONE;
        Resources used = Resources.NONE;
        int alive = 0;
        for (NodeView node : nodes) {
            if (node.alive()) {
                alive++;
                capacity = capacity.plus(node.capacity());
                used = used.plus(node.used());
            }
        }
        StringBuilder text = new StringBuilder();
        line(
                text,
                alive + " of " + nodes.size() + " nodes; " + count(workloads, WorkloadState.RUNNING) + " running, "
                        + count(workloads, WorkloadState.QUEUED) + " queued, " + count(workloads, WorkloadState.HELD)
                        + " suspended on request");
        line(text, bar("cores ", used.milliCores(), capacity.milliCores()));
        line(text, bar("memory", used.memoryMiB(), capacity.memoryMiB()));
        if (capacity.milliDevices() > 0) {
            line(text, bar("devices", used.milliDevices(), capacity.milliDevices()));
        }
        line(text, "");
        List<WorkloadView> shown = workloads.stream()
                .sorted(Comparator.comparing(
                                (WorkloadView view) -> !view.state().isPlaced())
                        .thenComparing(WorkloadView::standing)
                        .thenComparingLong(WorkloadView::submittedMillis))
                .limit(rows)
                .toList();
        PoolListing.table(shown).lines().forEach(row -> line(text, row));
        if (workloads.size() > shown.size()) {
            line(text, "and " + (workloads.size() - shown.size()) + " more");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }

    private static long count(List<WorkloadView> workloads, WorkloadState state) {
        return workloads.stream().filter(view -> view.state() == state).count();
    }

    private static String bar(String what, long used, long capacity) {
        int filled = capacity == 0 ? 0 : (int) Math.min(BAR, used * BAR / capacity);
        long percent = capacity == 0 ? 0 : used * 100 / capacity;
        return what + " [" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + percent + " %";
    }
}
