package dev.ingot.scheduler.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which nodes have said something lately. Time comes in as an argument. Not thread-safe.
 *
 * <h2>Why no workload ever runs twice</h2>
 *
 * A node's clock starts when it <em>sends</em> a beat, this one when it has <em>received</em> it, which is later. Whatever the node
 * may do by that beat ends a lease after the sending: its workloads' guards, which are processes of their own, stop them then,
 * also if the node itself hangs, and kill them if it is gone. Here the node is lost only a lease and a grace after the receipt.
 * So, whatever was lost or late on the way, the node's workloads stand still when the node is given up, if the guards need less
 * than the grace and the clocks of the two, which both count without jumps, do not drift apart by more than the grace within a lease.
 *
 * <p>A node that was given up may come back with the programs that stand still there, each in the epoch in which it stood still. It
 * goes on with those alone that the answer to a beat names, and kills the others before it lets any go on. The answer names an epoch
 * only while it is the workload's newest and placed there, by a command that is in the journal before the answer is sent; and a newer epoch
 * is begun only when the node was given up once more, by the rule above, or has said that the program has ended. So of each workload at
 * most one epoch is anywhere named by an answer that still holds. An answer that is late changes nothing: what it allows ends a
 * lease after its beat was sent, and the node was not given up before. A node that was told to kill everything does not beat as the same
 * incarnation again, so it is never taken to have what it has killed.
 *
 * <p>A control process that has just started knows of no beat, so it takes every node to have sent one at its start.
 */
final class LeaseTable {
    private final long leaseNanos;
    private final long graceNanos;
    private final Map<String, Long> renewed = new HashMap<>();

    LeaseTable(long leaseNanos) {
        this.leaseNanos = leaseNanos;
        this.graceNanos = leaseNanos / 4;
    }

    private long lookedAt = Long.MIN_VALUE;
    private final Set<String> late = new TreeSet<>();

    void renew(String node, long nowNanos) {
        renewed.put(node, nowNanos);
        late.remove(node);
    }

    void end(String node) {
        renewed.remove(node);
        late.remove(node);
    }

    /**
     * Those that have not been heard for half a lease, so that one beat at least is missing or late; each once for each such silence. Asked after
     * {@link #expired}.
     */
    List<String> late(long nowNanos) {
        List<String> newly = new ArrayList<>();
        renewed.forEach((node, at) -> {
            if (nowNanos - at > leaseNanos / 2 && late.add(node)) {
                newly.add(node);
            }
        });
        newly.sort(null);
        return newly;
    }

    /** Those that are to be given up, by name. */
    List<String> expired(long nowNanos) {
        if (lookedAt != Long.MIN_VALUE && nowNanos - lookedAt > graceNanos) {
            // This process stood still, and beats wait to be read. Giving nodes longer is always safe.
            renewed.replaceAll((node, at) -> nowNanos);
        }
        lookedAt = nowNanos;
        List<String> expired = new ArrayList<>();
        renewed.forEach((node, at) -> {
            if (nowNanos - at > leaseNanos + graceNanos) {
                expired.add(node);
            }
        });
        expired.sort(null);
        return expired;
    }
}
