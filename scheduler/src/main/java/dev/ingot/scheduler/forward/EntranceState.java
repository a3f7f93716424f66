package dev.ingot.scheduler.forward;

import dev.ingot.scheduler.pool.ServicePort;
import org.jspecify.annotations.Nullable;

/**
 * How a service is reached at one instant.
 *
 * @param listening whether it can be reached
 * @param problem why not; null if it can
 * @param connections that there are, those that wait included
 * @param held those that wait for the program
 */
public record EntranceState(
        String workload,
        ServicePort port,
        boolean listening,
        @Nullable String problem,
        int connections,
        int held) {}
