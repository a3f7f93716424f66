package dev.ingot.scheduler.pool;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On which of the nodes that have room a workload starts, and on which of their devices. */
public enum Placement {
    /**
     * Where least of what is left of devices becomes useless to the usual mix of workloads: fragmentation gradient descent, see {@link Mix}. Of
     * equal places the tightest.
     */
    FRAGMENTATION {
        @Override
        double cost(Space free, Space piece, Resources needs, Mix mix, Resources pool) {
            return mix.fragments(free.minus(piece)) - (double) mix.fragments(free);
        }
    },
    /** Where least is left: of devices, then cores, then memory. */
    BEST_FIT {
        @Override
        double cost(Space free, Space piece, Resources needs, Mix mix, Resources pool) {
            return 0;
        }
    },
    /** On the first by name. For comparison: it looks at every node. */
    FIRST_FIT {
        @Override
        double cost(Space free, Space piece, Resources needs, Mix mix, Resources pool) {
            return 0;
        }

        @Override
        Comparator<Room> preference() {
            return Comparator.comparing(room -> room.node.name);
        }
    },
    /**
     * Where what is left is least like what is needed, by their dot product (Grandl et al., Tetris, SIGCOMM 2014, as the authors of the
     * measure of fragmentation compare it). For comparison: it looks at every node.
     */
    DOT_PRODUCT {
        @Override
        double cost(Space free, Space piece, Resources needs, Mix mix, Resources pool) {
            Resources left = free.total();
            return product(left.milliCores(), needs.milliCores(), pool.milliCores())
                    + product(left.memoryMiB(), needs.memoryMiB(), pool.memoryMiB())
                    + product(left.milliDevices(), needs.milliDevices(), pool.milliDevices());
        }
    };

    /** Of more shapes of nodes, those with least left are looked at. */
    static final int MOST_SHAPES = 64;

    /**
     * What speaks against taking a piece of what a node has left.
     *
     * @param pool what all nodes have
     */
    abstract double cost(Space free, Space piece, Resources needs, Mix mix, Resources pool);

    /** Of nodes that cost the same, which comes first. */
    Comparator<Room> preference() {
        return Room.TIGHTEST;
    }

    /** Whether every node has to be looked at, not only one or two of each shape. */
    boolean looksAtAll() {
        return this == FIRST_FIT || this == DOT_PRODUCT;
    }

    /** The best of places, each with room; null if there are none. */
    @Nullable Spot best(List<Room> rooms, Resources needs, Mix mix, Resources pool) {
        rooms.sort(preference());
        Spot best = null;
        double least = Double.POSITIVE_INFINITY;
        for (Room room : rooms) {
            for (Space piece : room.now().pieces(needs)) {
                double cost = cost(room.free(), piece, needs, mix, pool);
                if (cost < least) {
                    least = cost;
                    best = new Spot(room, piece);
                }
            }
        }
        return best;
    }

    private static double product(long left, long needed, long whole) {
        return whole == 0 ? 0 : (double) left / whole * ((double) needed / whole);
    }
}
