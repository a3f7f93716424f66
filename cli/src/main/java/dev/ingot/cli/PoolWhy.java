package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.wire.PoolException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "why",
        description = "Says why a workload is where it is, who is ahead of it, and what would let it run.",
        mixinStandardHelpOptions = true)
final class PoolWhy implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        PrintWriter out = spec.commandLine().getOut();
        new Workloads(pool.client()).why(id).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }
}
