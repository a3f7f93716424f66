package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Says why a workload is where it is, who is ahead of it, and what would let it run. */
record Explanation(
        Workload workload, Set<Workload> waiting, Collection<Node> nodes, Policy policy, boolean closed, long now) {

    List<String> sentences() {
        return switch (workload.state) {
            case QUEUED -> queued();
            case HELD -> List.of("It was suspended on request. 'ingot pool resume " + workload.id + "' lets it go on.");
            case STARTING, RUNNING -> List.of("It has its place on " + workload.node + ".");
            case SUSPENDING -> List.of("It is being suspended on " + workload.node + ".");
            case CANCELLING -> List.of("It is being ended on " + workload.node + ".");
            case DONE, FAILED, CANCELLED -> List.of("It has ended.");
        };
    }

    private List<String> queued() {
        List<String> sentences = new ArrayList<>();
        if (closed) {
            sentences.add("The pool is being stopped; it goes on when the pool is started again.");
        }
        if (workload.notBefore > now) {
            sentences.add("It crashed (" + workload.problem + ") and is tried again in " + (workload.notBefore - now)
                    + " ms.");
        }
        Claim claim = workload.claim;
        if (claim != null) {
            sentences.add(
                    claim.certain()
                            ? "Room is being made for it on " + claim.node() + "."
                            : "Node " + claim.node() + " is kept for it until enough there has ended.");
        }
        if (workload.standing != workload.spec.tier()) {
            sentences.add("The reservation of " + workload.spec.tenant() + " is used up, so it is treated as "
                    + workload.standing + ".");
        }
        long ahead = waiting.stream()
                .filter(other -> other.state == WorkloadState.QUEUED && Workload.RANK.compare(other, workload) < 0)
                .count();
        sentences.add(ahead + " are ahead of it in the queue.");
        for (Node node : nodes) {
            sentences.add("Node " + node.name + " " + verdict(node) + ".");
        }
        return sentences;
    }

    private String verdict(Node node) {
        Resources needs = workload.spec.needs();
        if (!node.alive) {
            return "is lost";
        } else if (node.cordoned) {
            return "is cordoned";
        } else if (!needs.fitsIn(node.capacity)) {
            return "is too small: it has " + node.capacity + ", needed are " + needs;
        }
        Room room = new Room(node);
        if (needs.fitsIn(room.free)) {
            return "has room, which is kept for somebody ahead of it";
        }
        List<String> holders = node.workloads.stream()
                .map(holder -> holder.id + " (" + holder.standing + ")")
                .toList();
        return "has only " + room.free + " free of the " + needs + " it needs; there are " + String.join(", ", holders);
    }
}
