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
        synopsisSubcommandLabel = "COMMAND")
final class PoolCommand {}
