package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        description = "Moves a running workload to another node. Returns when it runs there.",
        mixinStandardHelpOptions = true)
final class PoolMigrate implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(index = "0", paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NODE",
            description = "Where to (default: the node it fits best).")
    private @Nullable String node;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException, InterruptedException, CommandException {
        Workloads workloads = new Workloads(pool.client());
        workloads.ask(id, "migrate", node);
        WorkloadView view = workloads.await(
                id,
                seen -> (seen.state() == WorkloadState.RUNNING && seen.claim() == null)
                        || seen.state() == WorkloadState.HELD
                        || seen.state().isEnded());
        if (view.state() == WorkloadState.RUNNING && view.problem() != null) {
            throw new CommandException(ExitCode.PINNED, id + " could not be suspended: " + view.problem());
        }
        spec.commandLine().getOut().println(view.node());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
