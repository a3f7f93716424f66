package dev.ingot.scheduler.control;

import dev.ingot.scheduler.pool.Order;
import java.util.List;

/** The answer to a node's beat. */
record Beat(Verdict verdict, List<Order> orders) {
    /** Where the sender stands. */
    enum Verdict {
        /** It has its lease, and the orders are all it is to hold. */
        WELCOME,
        /** Another incarnation has the node's name until its lease runs out. */
        WAIT,
        /** It was given up, and may not come back; it has to kill everything and start over. */
        FENCED,
        /** The pool is being stopped, or the node wants to end, and it holds nothing any more: it is to end. */
        STOP
    }
}
