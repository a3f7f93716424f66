package dev.ingot.scheduler.forward;

import java.net.InetSocketAddress;

/**
 * Where a connection goes.
 *
 * @param workload whose program it is
 * @param epoch of that; connections belong to one epoch
 * @param address at which the program listens
 */
record Target(String workload, long epoch, InetSocketAddress address) {
    boolean isSameProgram(Target other) {
        return epoch == other.epoch && workload.equals(other.workload);
    }
}
