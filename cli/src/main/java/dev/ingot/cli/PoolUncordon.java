package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "uncordon", description = "Lets workloads come to a node again.", mixinStandardHelpOptions = true)
final class PoolUncordon implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "NODE", description = "The node.")
    private String id = "";

    @Override
    public Integer call() throws PoolException {
        new Workloads(pool.client()).askNode(id, "uncordon");
        return ExitCode.OK;
    }
}
