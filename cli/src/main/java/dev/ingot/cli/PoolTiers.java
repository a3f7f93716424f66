package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.wire.PoolException;
import dev.ingot.scheduler.wire.PoolJson;
import java.io.PrintWriter;
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
        List<TierView> tiers = new Workloads(pool.client()).tiers();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = JsonWriter.indented().list("tiers");
            for (TierView tier : tiers) {
                PoolJson.tier(writer.element(), tier);
                writer.end();
            }
            out.println(writer.endList().finish());
        } else {
            Table table = new Table("TIER", "ON NODES", "QUEUED", "SUSPENDED", "SERVED", "DUE", "LACKING", "USED");
            for (TierView tier : tiers) {
                table.add(
                        PoolJson.text(tier.tier()),
                        Integer.toString(tier.running()),
                        Integer.toString(tier.queued()),
                        Integer.toString(tier.held()),
                        percent(tier.served()),
                        percent(tier.due()),
                        Integer.toString(tier.lacking()),
                        tier.used().toString());
            }
            table.print(out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String percent(int thousandths) {
        return thousandths / 10 + " %";
    }
}
