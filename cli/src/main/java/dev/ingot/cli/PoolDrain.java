package dev.ingot.cli;

import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        description = "Suspends what runs on a node, lets it go on elsewhere, and lets nothing else come.",
        mixinStandardHelpOptions = true)
final class PoolDrain implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "NODE", description = "The node.")
    private String id = "";

    @Override
    public Integer call() throws PoolException {
        new Workloads(pool.client()).askNode(id, "drain");
        return ExitCode.OK;
    }
}
