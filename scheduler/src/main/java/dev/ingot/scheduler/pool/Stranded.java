package dev.ingot.scheduler.pool;

import java.util.List;

/**
 * Where a copy of a workload's present epoch stands still, since its node was lost; it may be gone on with there, if nobody has gone on in
 * its place.
 *
 * @param incarnation of the node; another one has no copies of this one's
 * @param devices that it had there, by number
 * @param choice which of its alternatives it had there, by number
 * @param ran whether it was known to run, rather than to be starting
 */
public record Stranded(String node, String incarnation, List<Integer> devices, int choice, boolean ran) {
    public Stranded {
        devices = List.copyOf(devices);
    }

    boolean isOn(String otherNode, String otherIncarnation) {
        return node.equals(otherNode) && incarnation.equals(otherIncarnation);
    }
}
