package dev.ingot.cli;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.wire.PoolException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reserve",
        description = {
            "Reserves room for a tenant's Premium workloads; what it does not use is lent to others.",
            "Premium beyond its tenant's reservation is treated as Standard. Without any reservation there is no limit."
        },
        mixinStandardHelpOptions = true)
final class PoolReserve implements Callable<Integer> {
    private static final double MILLI = 1000;

    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "TENANT", description = "The tenant.")
    private String tenant = "";

    @Option(names = "--cores", paramLabel = "N", required = true, description = "Processor cores; 0 with 0m ends it.")
    private double cores;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            required = true,
            converter = MemoryConverter.class,
            description = "Memory, such as 2g.")
    private Long memory = 0L;

    @Option(
            names = "--devices",
            paramLabel = "N",
            converter = DevicesConverter.class,
            defaultValue = "0",
            description = "Accelerators, also parts of them (default: ${DEFAULT-VALUE}).")
    private Long devices = 0L;

    @Override
    public Integer call() throws PoolException {
        new Workloads(pool.client()).reserve(tenant, new Resources(Math.round(cores * MILLI), memory, devices));
        return ExitCode.OK;
    }
}
