package dev.ingot.cli;

import picocli.CommandLine.Command;

/** Groups the commands about a pool, which {@code ingot up} runs. */
@Command(
        name = "pool",
        description = "Looks at a pool's workloads and nodes, and directs them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PoolListing.class,
            PoolNodes.class,
            PoolDescribe.class,
            PoolWhy.class,
            PoolLogs.class,
            PoolSuspend.class,
            PoolResume.class,
            PoolMigrate.class,
            PoolCancel.class,
            PoolCordon.class,
            PoolUncordon.class,
            PoolDrain.class,
            PoolTenants.class,
            PoolReserve.class,
            PoolSimulate.class
        })
final class PoolCommand {}
