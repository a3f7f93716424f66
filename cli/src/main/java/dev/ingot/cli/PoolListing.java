package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.Alternative;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "ps", description = "Lists the workloads of the pool.", mixinStandardHelpOptions = true)
final class PoolListing implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--all", description = "Lists those that have ended too.")
    private boolean all;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        List<WorkloadView> workloads = new Workloads(pool.client()).all(!all);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = JsonWriter.indented().list("workloads");
            for (WorkloadView workload : workloads) {
                PoolJson.workload(writer.element(), workload, false);
                writer.end();
            }
            out.println(writer.endList().finish());
        } else {
            table(workloads).print(out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String tier(WorkloadView workload) {
        String tier = PoolJson.text(workload.spec().tier());
        return workload.standing() == workload.spec().tier() ? tier : tier + ", lent";
    }

    /** With a column for the alternatives that workloads have, where any of them names kinds of accelerators. */
    static Table table(List<WorkloadView> workloads) {
        boolean named = workloads.stream().anyMatch(view -> view.spec().namesAccelerators());
        Table table = new Table(row(named ? "HAS" : null, "ID", "TIER", "STATE", "NODE", "MOVES", "IMAGE", "AGE"));
        for (WorkloadView workload : workloads) {
            ImageReference image = workload.image();
            String node = workload.node();
            Duration age = Duration.ofMillis(System.currentTimeMillis() - workload.submittedMillis());
            table.add(row(
                    named ? has(workload) : null,
                    workload.id(),
                    tier(workload),
                    PoolJson.text(workload.state()),
                    node == null ? "-" : node,
                    Long.toString(Math.max(0, workload.epoch() - 1)),
                    image == null ? "-" : Amount.bytes(image.bytes()),
                    Amount.duration(age)));
        }
        return table;
    }

    private static String has(WorkloadView workload) {
        Alternative alternative = workload.alternative();
        return alternative == null || !workload.spec().namesAccelerators() ? "-" : alternative.text();
    }

    private static String[] row(@Nullable String last, String... cells) {
        return last == null
                ? cells
                : Stream.concat(Stream.of(cells), Stream.of(last)).toArray(String[]::new);
    }
}
