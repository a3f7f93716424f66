package dev.ingot.cli;

import dev.ingot.scheduler.pool.Budget;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.TenantLimits;
import dev.ingot.scheduler.wire.PoolException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "limit",
        description = {
            "Sets how much a tenant may have, with its parts. What is not named is not limited, so without any option it has no limits.",
            "What it holds beyond that is suspended, and goes on when it may."
        },
        mixinStandardHelpOptions = true)
final class PoolLimit implements Callable<Integer> {
    @Mixin
    private PoolOption pool = new PoolOption();

    @Parameters(paramLabel = "TENANT", description = "The tenant.")
    private String tenant = "";

    @Option(
            names = "--borrow-cores",
            paramLabel = "N",
            converter = CoresConverter.class,
            description = "Processor cores that it may hold beyond what it has reserved.")
    private @Nullable Long borrowCores;

    @Option(
            names = "--borrow-memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "Memory that it may hold beyond what it has reserved, such as 2g.")
    private @Nullable Long borrowMemory;

    @Option(
            names = "--borrow-devices",
            paramLabel = "N",
            converter = DevicesConverter.class,
            description = "Accelerators that it may hold beyond what it has reserved.")
    private @Nullable Long borrowDevices;

    @Option(
            names = "--lend-cores",
            paramLabel = "N",
            converter = CoresConverter.class,
            description = "Processor cores of what it has reserved that others may hold while it does not use them.")
    private @Nullable Long lendCores;

    @Option(
            names = "--lend-memory",
            paramLabel = "SIZE",
            converter = MemoryConverter.class,
            description = "The same of memory.")
    private @Nullable Long lendMemory;

    @Option(
            names = "--lend-devices",
            paramLabel = "N",
            converter = DevicesConverter.class,
            description = "The same of accelerators.")
    private @Nullable Long lendDevices;

    @Option(
            names = "--core-hours",
            paramLabel = "N",
            converter = CoresConverter.class,
            description = "How much it may use: one core for an hour is one.")
    private @Nullable Long coreHours;

    @Option(
            names = "--device-hours",
            paramLabel = "N",
            converter = CoresConverter.class,
            description = "How much it may use: one accelerator for an hour is one.")
    private @Nullable Long deviceHours;

    @Option(
            names = "--window",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "After how long these hours begin anew, such as 7d; never, if it is not given.")
    private @Nullable Duration window;

    @Override
    public Integer call() throws PoolException, CommandException {
        if (window != null && coreHours == null && deviceHours == null) {
            throw new CommandException("--window is that of --core-hours or --device-hours; give one of them");
        }
        Budget budget = coreHours == null && deviceHours == null
                ? null
                : new Budget(most(coreHours), most(deviceHours), window == null ? 0 : window.toMillis());
        new Workloads(pool.client())
                .limit(
                        tenant,
                        new TenantLimits(
                                new Resources(most(borrowCores), most(borrowMemory), most(borrowDevices)),
                                new Resources(most(lendCores), most(lendMemory), most(lendDevices)),
                                budget));
        return ExitCode.OK;
    }

    private static long most(@Nullable Long given) {
        return given == null ? TenantLimits.ANY : given;
    }
}
