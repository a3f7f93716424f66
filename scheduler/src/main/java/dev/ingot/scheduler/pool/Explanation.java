package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Says why a workload is where it is, who is ahead of it, and what would let it run. */
record Explanation(
        Workload workload,
        List<Workload> line,
        Collection<Node> nodes,
        List<String> refusals,
        ToLongFunction<Workload> runsUntil,
        Predicate<String> known,
        boolean closed,
        long now) {

    private static final int MOST_NODES = 3;

    List<String> sentences() {
        return switch (workload.state) {
            case QUEUED -> queued();
            case HELD ->
                List.of((workload.failures > 0
                                ? "It crashed again and again (" + workload.problem + ")."
                                : "It was suspended on request.")
                        + " 'ingot pool resume " + workload.id + "' lets it go on.");
            case STARTING, RUNNING -> placed();
            case SUSPENDING -> List.of("It is being suspended on " + workload.node + ".");
            case CANCELLING -> List.of("It is being ended on " + workload.node + ".");
            case DONE, FAILED, CANCELLED -> List.of("It has ended.");
        };
    }

    private List<String> placed() {
        List<String> sentences = new ArrayList<>();
        sentences.add("It has its place on " + workload.node + ".");
        long until = runsUntil.applyAsLong(workload);
        if (until > now) {
            sentences.add("It asked for a minimum run: nothing but Premium preempts it for another " + (until - now)
                    + " ms.");
        }
        return sentences;
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
        if (workload.gang != null) {
            sentences.add("It is one of " + workload.together().size() + " members of gang " + workload.gang.id
                    + ", which start together; each needs its own room.");
        }
        if (workload.beyond != null) {
            sentences.add("It is beyond the least number of members of gang " + workload.beyond.id
                    + ": it runs while the others do, where there is room that nobody else of its tier waits for.");
        }
        addRule(sentences);
        Claim claim = workload.claim;
        if (claim != null) {
            sentences.add(
                    claim.certain()
                            ? "Room is being made for it on " + claim.node() + "."
                            : "Node " + claim.node() + " is kept for it until enough there has ended.");
        }
        sentences.addAll(refusals);
        if (workload.standing != workload.spec.tier()) {
            sentences.add("The reservation of " + workload.spec.tenant() + " is used up, so it is treated as "
                    + workload.standing + ".");
        }
        long ahead = line.stream()
                .takeWhile(other -> other != workload && (workload.gang == null || other.gang != workload.gang))
                .filter(other -> other.state == WorkloadState.QUEUED)
                .count();
        sentences.add(ahead + " are ahead of it in the queue.");
        addNodes(sentences);
        return sentences;
    }

    /* ---- Where it may be ---- */

    private void addRule(List<String> sentences) {
        PlacementRule rule = workload.spec.placement();
        if (rule.isNone()) {
            return;
        }
        sentences.add("It is to run " + rule + ".");
        if (workload.gang == null || !rule.isOfGangs()) {
            return;
        }
        Map<String, List<Node>> domains = new TreeMap<>();
        int outside = 0;
        for (Node node : nodes) {
            String domain = rule.together() == null ? "" : node.domain(rule.together());
            if (domain == null && node.location.isIn(rule.within())) {
                outside++;
            } else if (domain != null && node.location.isIn(rule.within())) {
                domains.computeIfAbsent(domain, absent -> new ArrayList<>()).add(node);
            }
        }
        String what = rule.together() == null ? "The pool" : capitalized(PlacementRule.name(rule.together()));
        domains.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, List<Node>>>comparingInt(domain -> -membersNow(domain.getValue()))
                        .thenComparingInt(domain -> -membersEver(domain.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_NODES)
                .forEach(domain -> sentences.add(what + name(domain.getKey()) + " has room for "
                        + membersNow(domain.getValue()) + " of "
                        + workload.together().size() + " now, and for "
                        + membersEver(domain.getValue()) + " when it is empty."));
        if (domains.size() > MOST_NODES) {
            sentences.add((domains.size() - MOST_NODES) + " more have room for no more of them.");
        }
        if (domains.isEmpty() || outside > 0) {
            sentences.add(outside + (outside == 1 ? " node is" : " nodes are") + " in no "
                    + (rule.together() == null ? "place" : PlacementRule.name(rule.together())) + ".");
        }
    }

    private static String capitalized(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String name(String domain) {
        return domain.isEmpty() ? "" : " " + (domain.charAt(0) == '/' ? domain.substring(1) : domain);
    }

    private int membersNow(List<Node> among) {
        return members(among, node -> node.takesWorkloads() && isPossible(node) ? new Room(node).now() : Space.NONE);
    }

    private int membersEver(List<Node> among) {
        return members(among, node -> node.takesWorkloads() && isPossible(node) ? node.whole() : Space.NONE);
    }

    /** For how many of the gang there is room, as far as they may lie beside each other. */
    private int members(List<Node> among, Function<Node, Space> room) {
        Spread spread = new Spread(workload.spec.placement());
        int size = workload.together().size();
        int members = 0;
        for (Node node : among) {
            members += spread.take(node, room.apply(node).times(workload.needs(), size - members));
        }
        return members;
    }

    /* ---- Nodes ---- */

    /** Which nodes that would take others cannot go on with its image; a few of them. */
    List<String> impossible() {
        return nodes.stream()
                .filter(node -> node.takesWorkloads() && !isPossible(node))
                .limit(MOST_NODES)
                .map(node -> "Node " + node.name + " " + verdict(node) + ".")
                .toList();
    }

    /** The few that are nearest to having room one by one, all others as numbers. */
    private void addNodes(List<String> sentences) {
        List<Node> nearest = nodes.stream()
                .sorted(Comparator.comparingDouble(this::share).thenComparing(node -> node.name))
                .limit(MOST_NODES)
                .toList();
        for (Node node : nearest) {
            sentences.add("Node " + node.name + " " + verdict(node) + ".");
        }
        Map<String, Integer> others = new TreeMap<>();
        for (Node node : nodes) {
            if (!nearest.contains(node)) {
                others.merge(kind(node), 1, Integer::sum);
            }
        }
        others.forEach((kind, count) ->
                sentences.add(count + (count == 1 ? " other node is " : " other nodes are ") + kind + "."));
    }

    /** What would have to become free on a node, as a share of what is needed; large where nothing helps. */
    private double share(Node node) {
        Resources needs = workload.needs();
        if (!node.takesWorkloads() || !fits(node.whole()) || !isWithin(node) || !isPossible(node)) {
            return Double.MAX_VALUE;
        }
        Resources free = node.free().total();
        return Math.max(
                missing(needs.milliCores(), free.milliCores()),
                Math.max(
                        missing(needs.memoryMiB(), free.memoryMiB()),
                        missing(needs.milliDevices(), free.milliDevices())));
    }

    private static double missing(long needed, long free) {
        return needed == 0 ? 0 : Math.max(0, needed - free) / (double) needed;
    }

    private String kind(Node node) {
        if (!isWithin(node)) {
            return "outside of where it may run";
        } else if (!isPossible(node)) {
            return "without the accelerators that its image needs";
        } else if (!node.alive) {
            return "lost";
        } else if (node.cordoned) {
            return "cordoned";
        } else if (node.leaving || node.mostNew() == 0) {
            return "not taking workloads";
        }
        return fits(node.whole()) ? "too full" : "too small";
    }

    /** Whether one of its alternatives does. */
    private boolean fits(Space space) {
        for (Alternative each : workload.spec.alternatives()) {
            if (space.fits(each.needs())) {
                return true;
            }
        }
        return false;
    }

    private String needed() {
        return workload.spec.alternatives().stream()
                .map(each -> each.needs().toString())
                .collect(Collectors.joining(", or "));
    }

    private static String capacity(Node node) {
        return node.capacity()
                + (node.devices().counts().isEmpty()
                        ? ""
                        : " (" + node.devices().text() + ")");
    }

    private boolean isPossible(Node node) {
        return workload.prospect(node).possible();
    }

    private boolean isWithin(Node node) {
        return node.location.isIn(workload.spec.placement().within());
    }

    private String verdict(Node node) {
        if (!isWithin(node)) {
            return "is outside of where it may run";
        } else if (!isPossible(node)) {
            return "cannot go on with its image: " + workload.prospect(node).reason();
        } else if (!node.alive) {
            return "is lost";
        } else if (node.cordoned) {
            return "is cordoned";
        } else if (node.leaving) {
            return "is about to end";
        } else if (node.mostNew() == 0) {
            return switch (node.health.state()) {
                case HEALTHY, SUSPECT -> "takes no workloads for now, because it is suspect: " + node.health.found();
                case QUARANTINED ->
                    "takes no workloads for now, because it "
                            + (node.health.isEvacuated() ? "is faulty" : "failed too often")
                            + "; 'ingot events' says how";
                case PROBATION -> "is on probation and takes one workload at a time";
            };
        } else if (!fits(node.whole())) {
            return "is too small: it has " + capacity(node) + ", needed are " + needed();
        }
        Room room = new Room(node);
        if (fits(room.free())) {
            return workload.gang != null && workload.spec.placement().isOfGangs()
                    ? "has room for one of it"
                    : "has room, which is kept for somebody ahead of it";
        }
        List<String> holders = node.workloads.stream()
                .map(holder -> (known.test(holder.spec.tenant()) ? holder.id : "another tenant's") + " ("
                        + holder.standing + minimumRun(holder) + ")")
                .toList();
        return "has only " + room.free() + " free of the " + needed() + " it needs; there are "
                + String.join(", ", holders);
    }

    /** Why one that holds what is needed may not have to go yet, whoever waits. */
    private String minimumRun(Workload holder) {
        long until = runsUntil.applyAsLong(holder);
        return until > now ? ", with a minimum run of another " + (until - now) + " ms" : "";
    }
}
