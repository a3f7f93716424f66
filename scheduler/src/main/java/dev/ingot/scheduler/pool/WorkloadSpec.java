package dev.ingot.scheduler.pool;

import java.util.List;
import java.util.Map;

/**
 * What somebody wants to have run.
 *
 * @param name of the program, part of the workload's id; a valid image name
 * @param tenant on whose reservation it runs, if it is Premium
 * @param priority orders the queue within a tier, higher first
 * @param command a {@code java} command line
 * @param directory in which it is started, absolute
 * @param environment variables set beside those of the node
 * @param checkpointMillis how often an image is taken; 0 for only when it is asked for
 */
public record WorkloadSpec(
        String name,
        String tenant,
        Tier tier,
        int priority,
        Resources needs,
        List<String> command,
        String directory,
        Map<String, String> environment,
        long checkpointMillis) {
    public WorkloadSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
