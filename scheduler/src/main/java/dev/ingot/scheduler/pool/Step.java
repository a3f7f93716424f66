package dev.ingot.scheduler.pool;

/** Something the {@link Planner} found is to be done. */
sealed interface Step {
    /**
     * Room is there: a piece of what the node has.
     *
     * @param choice for which of its alternatives, by number
     */
    record Start(Workload workload, int choice, String node, Space piece) implements Step {}

    /** A running workload gives its room to a stronger one. */
    record MakeRoom(Workload victim, Workload preemptor) implements Step {}

    /** Room is there for a workload that runs, on what makes it faster. */
    record MoveUp(Workload workload, Claim claim) implements Step {}

    /** Room is kept for a workload from now on. */
    record Keep(Workload workload, Claim claim) implements Step {}

    /** No room is kept for a workload any more. */
    record Drop(Workload workload) implements Step {}
}
