package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description = "Lets a suspended workload go on, or a failed one from its newest image.",
        mixinStandardHelpOptions = true)
final class PoolResume implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Override
    public Integer call() throws PoolException {
        new Workloads(pool.client()).ask(id, "resume", null);
        return ExitCode.OK;
    }
}
