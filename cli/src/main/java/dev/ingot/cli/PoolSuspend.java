package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "suspend",
        description = "Suspends a workload to an image until it is resumed. Returns when the image is complete.",
        mixinStandardHelpOptions = true)
final class PoolSuspend implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Override
    public Integer call() throws PoolException, JsonException, InterruptedException, CommandException {
        Workloads workloads = new Workloads(pool.client());
        workloads.ask(id, "suspend", null);
        WorkloadView view = workloads.await(id, seen -> seen.state() != WorkloadState.SUSPENDING);
        if (view.state() == WorkloadState.RUNNING) {
            throw new CommandException(ExitCode.PINNED, id + " could not be suspended: " + view.problem());
        } else if (view.state().isEnded()) {
            throw new CommandException(id + " has ended");
        }
        return ExitCode.OK;
    }
}
