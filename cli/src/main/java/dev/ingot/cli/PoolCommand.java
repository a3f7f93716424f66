package dev.ingot.cli;

import picocli.CommandLine.Command;

/** Groups the commands about a pool, which {@code ingot up} runs. */
@Command(
        name = "pool",
        description = {
            "Looks at a pool's workloads and nodes, and directs them.",
            "",
            "These verbs work without 'pool' too, but for 'ps', 'suspend' and 'resume', which by themselves are about processes"
                    + " of this machine, and for those about grants.",
            ""
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PoolListing.class,
            PoolSuspend.class,
            PoolResume.class,
            SubmitCommand.class,
            PoolTop.class,
            PoolNodes.class,
            PoolTenants.class,
            PoolTiers.class,
            PoolDescribe.class,
            PoolWhy.class,
            PoolLogs.class,
            PoolEvents.class,
            PoolPlan.class,
            PoolMigrate.class,
            PoolCancel.class,
            PoolCordon.class,
            PoolUncordon.class,
            PoolDrain.class,
            PoolReserve.class,
            PoolSimulate.class,
            DashboardCommand.class,
            PoolGrant.class,
            PoolGrants.class,
            PoolRevoke.class
        })
final class PoolCommand {}
