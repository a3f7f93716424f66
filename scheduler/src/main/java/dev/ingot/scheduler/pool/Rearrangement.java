package dev.ingot.scheduler.pool;

import java.util.List;

/**
 * Moves of workloads that run, after which one can start that waits and fits nowhere.
 *
 * @param beneficiary who can start then
 * @param moves one, to where there is room now, or two
 * @param exchange whether there are two workloads, each of which goes to where the other one was
 */
public record Rearrangement(String beneficiary, List<Move> moves, boolean exchange) {
    public Rearrangement {
        moves = List.copyOf(moves);
    }

    /**
     * One of them.
     *
     * @param workload which is to move
     * @param node to which it goes
     */
    public record Move(String workload, String node) {}
}
