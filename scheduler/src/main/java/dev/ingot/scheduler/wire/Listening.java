package dev.ingot.scheduler.wire;

import java.util.List;

/**
 * At which ports of its services the program of a workload listens on a node.
 *
 * @param ports of the program itself: another program at the same port is none
 */
public record Listening(String workload, long epoch, List<Integer> ports) {
    public Listening {
        ports = List.copyOf(ports);
    }
}
