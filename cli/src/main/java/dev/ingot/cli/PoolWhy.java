package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.wire.PoolException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "why",
        description = "Says why a workload is where it is, who is ahead of it, and what would let it run.",
        mixinStandardHelpOptions = true)
final class PoolWhy implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Parameters(paramLabel = "ID", description = "The workload.")
    private String id = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> why = new Workloads(pool.client()).why(id);
        if (json) {
            out.println(JsonWriter.indented().member("why", why).finish());
        } else {
            why.forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }
}
