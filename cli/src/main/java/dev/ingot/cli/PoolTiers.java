package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "tiers",
        description = "Lists the tiers, strongest first, and what becomes of their workloads.",
        mixinStandardHelpOptions = true)
final class PoolTiers implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        new Listing<TierView>(
                        "tiers",
                        PoolJson::tier,
                        List.of("TIER", "ON NODES", "QUEUED", "SUSPENDED", "SERVED", "DUE", "LACKING", "USED"),
                        tier -> List.of(
                                PoolJson.text(tier.tier()),
                                Integer.toString(tier.running()),
                                Integer.toString(tier.queued()),
                                Integer.toString(tier.held()),
                                Amount.permille(tier.served()),
                                Amount.permille(tier.due()),
                                Integer.toString(tier.lacking()),
                                tier.used().toString()))
                .print(
                        new Workloads(pool.client()).tiers(),
                        json,
                        spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
