package dev.ingot.scheduler.pool;

import java.util.List;

/**
 * Some workloads, in the order of their submission.
 *
 * @param next where the following page begins; 0 if there is none
 */
public record WorkloadPage(List<WorkloadView> workloads, long next) {}
