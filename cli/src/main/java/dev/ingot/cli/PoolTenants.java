package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.core.json.JsonWriter;
import dev.ingot.scheduler.pool.TenantView;
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

@Command(name = "tenants", description = "Lists reservations and who uses what.", mixinStandardHelpOptions = true)
final class PoolTenants implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        List<TenantView> tenants = new Workloads(pool.client()).tenants();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonWriter writer = JsonWriter.indented().list("tenants");
            for (TenantView tenant : tenants) {
                PoolJson.tenant(writer.element(), tenant);
                writer.end();
            }
            out.println(writer.endList().finish());
        } else {
            Table table = new Table("TENANT", "RESERVED", "USED OF IT", "USED IN ALL");
            for (TenantView tenant : tenants) {
                table.add(
                        tenant.name(),
                        tenant.reserved().toString(),
                        tenant.usedOfReservation().toString(),
                        tenant.used().toString());
            }
            table.print(out);
        }
        out.flush();
        return ExitCode.OK;
    }
}
