package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cordon", description = "Lets no more workloads come to a node.", mixinStandardHelpOptions = true)
final class PoolCordon implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "NODE", description = "The node.")
    private String id = "";

    @Override
    public Integer call() throws PoolException {
        new Workloads(pool.client()).askNode(id, "cordon");
        return ExitCode.OK;
    }
}
