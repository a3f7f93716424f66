package dev.ingot.runtime;

import java.util.List;

/** The order in which threads re-enter their frames: a thread that waits on an object before those that hold its monitor. */
final class RebuildOrder {
    private RebuildOrder() {}

    /**
     * The level of each thread; a level starts when all lower ones stand.
     *
     * <p>The snapshot is a state that was really reached, and a waiting thread had entered its monitor before the present
     * holder did, so the relation has no cycle; the bound on rounds only guards against a record that was tampered with.
     */
    static int[] levels(List<ThreadRecord> threads) {
        int[] levels = new int[threads.size()];
        boolean changed = true;
        for (int round = 0; changed && round <= threads.size(); round++) {
            changed = false;
            for (int waiter = 0; waiter < levels.length; waiter++) {
                Object monitor = threads.get(waiter).waitsOn();
                if (monitor == null) {
                    continue;
                }
                for (int holder = 0; holder < levels.length; holder++) {
                    if (holder != waiter
                            && levels[holder] <= levels[waiter]
                            && threads.get(holder).waitsOn() != monitor
                            && threads.get(holder).holds(monitor)) {
                        levels[holder] = levels[waiter] + 1;
                        changed = true;
                    }
                }
            }
        }
        return levels;
    }
}
