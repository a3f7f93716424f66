package dev.ingot.scheduler.pool;

/** What a node has left, while a plan is being made. */
final class Room {
    final Node node;
    /** Taken by nobody now. */
    Resources free;
    /** Taken now, by workloads that are being suspended. */
    Resources releasing;
    /** Kept for workloads that come before the one being looked at. */
    Resources claimed = Resources.NONE;

    Room(Node node) {
        this.node = node;
        this.free = node.capacity.minus(node.taken);
        this.releasing = node.releasing;
    }

    /** What will be free once everything being suspended has gone and everybody in front has come. */
    Resources expected() {
        return free.plus(releasing).minus(claimed);
    }

    boolean fitsNow(Resources needs) {
        return needs.fitsIn(free) && needs.fitsIn(expected());
    }
}
