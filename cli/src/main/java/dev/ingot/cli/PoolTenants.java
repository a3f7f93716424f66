package dev.ingot.cli;

import dev.ingot.core.json.JsonException;
import dev.ingot.scheduler.pool.TenantView;
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
        name = "tenants",
        description = "Lists reservations, limits and who uses what.",
        mixinStandardHelpOptions = true)
final class PoolTenants implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws PoolException, JsonException {
        new Listing<TenantView>(
                        "tenants",
                        PoolJson::tenant,
                        List.of("TENANT", "RESERVED", "USED OF IT", "USED IN ALL", "LIMITS"),
                        tenant -> List.of(
                                tenant.name(),
                                tenant.reserved().toString(),
                                tenant.usedOfReservation().toString(),
                                tenant.used().toString(),
                                tenant.limitsText()))
                .print(
                        new Workloads(pool.client()).tenants(),
                        json,
                        spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
