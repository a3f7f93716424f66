package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds workloads that run and could as well run elsewhere, where somebody who waits, and fits nowhere, would start in their place. Not
 * thread-safe.
 *
 * <p>Either one moves to where there is room for it now, if it needs less of devices than who starts; or two change places. Where many wait, the
 * first hardly ever helps: whoever could move, another one like it would have started there. It changes nothing, and what it finds holds until the
 * next command. It looks at pairs of all that runs, so it is nothing for each decision.
 */
final class Defragmentation {
    private final Rooms rooms;
    private final NodeIndex index;
    /** Nodes on which no room is kept for anybody, and nobody is about to leave. */
    private final List<Node> open = new ArrayList<>();
    /** Of each of these, one of those that need the same and have as much left beside them. */
    private final List<Candidate> candidates = new ArrayList<>();

    /** By what one who leaves needs: who could come in its place, by what they need. */
    private final Map<Kind, Map<Kind, List<Candidate>>> partners = new HashMap<>();

    private final List<Workload> waiting;

    private record Candidate(Workload workload, Node node, Space without) {}

    /** What decides on where one may be. */
    private record Kind(Resources needs, Location within, Prospects prospects) {
        static Kind of(Workload workload) {
            return new Kind(workload.needs(), workload.spec.placement().within(), workload.prospects());
        }

        boolean mayBeOn(Node node) {
            return node.location.isIn(within) && prospects.on(node).possible();
        }
    }

    Defragmentation(Registry registry, Placement placement) {
        index = registry.index();
        rooms = new Rooms(registry, placement);
        for (Node node : registry.nodes()) {
            if (node.takesWorkloads()
                    && node.releasing.isNone()
                    && !registry.queue().isKept(node.name)) {
                open.add(node);
                candidates.addAll(candidates(node));
            }
        }
        waiting = new ArrayList<>();
        registry.queue().kinds().forEach(kind -> waiting.add(kind.first()));
        waiting.removeIf(each -> each.state != WorkloadState.QUEUED
                || each.gang != null
                || each.beyond != null
                || each.spec.placement().isOfGangs()
                || each.claim != null
                || each.needs().milliDevices() == 0);
        waiting.sort(Comparator.<Workload, Tier>comparing(each -> each.standing).thenComparing(Workload.SENIORITY));
    }

    private static List<Candidate> candidates(Node node) {
        Map<Object, Candidate> found = new LinkedHashMap<>();
        for (Workload each : node.workloads) {
            if (isMovable(each)) {
                Space without = node.free().plus(each.piece);
                found.putIfAbsent(
                        List.of(Kind.of(each), Arrays.toString(without.shape())), new Candidate(each, node, without));
            }
        }
        return List.copyOf(found.values());
    }

    /** Whether it may move by itself. */
    static boolean isMovable(Workload workload) {
        return workload.state == WorkloadState.RUNNING
                && workload.gang == null
                && workload.beyond == null
                && workload.preparation == null
                && !workload.spec.placement().isOfGangs()
                && workload.spareUntil == 0;
    }

    /** For the first in the queue who can be helped; null if nobody can. */
    @Nullable Rearrangement find() {
        for (Workload each : waiting) {
            List<Candidate> before = new ArrayList<>(candidates);
            before.removeIf(candidate -> !makesRoom(candidate, each));
            Rearrangement found = move(each, before);
            found = found == null ? exchange(each, before) : found;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean makesRoom(Candidate candidate, Workload beneficiary) {
        Resources needs = beneficiary.needs();
        return Kind.of(beneficiary).mayBeOn(candidate.node)
                && !Kind.of(candidate.workload).equals(Kind.of(beneficiary))
                && candidate.without.fits(needs);
    }

    private @Nullable Rearrangement move(Workload beneficiary, List<Candidate> leaving) {
        Map<Kind, Boolean> fitSomewhere = new HashMap<>();
        for (Candidate each : leaving) {
            Kind kind = Kind.of(each.workload);
            Resources needs = kind.needs();
            Scope scope =
                    new Scope(index.within(kind.within()), kind.prospects().possible());
            // One with the same needs can only go to where who starts may not be.
            boolean pays =
                    needs.milliDevices() < beneficiary.needs().milliDevices() || needs.equals(beneficiary.needs());
            if (pays && fitSomewhere.computeIfAbsent(kind, any -> rooms.bestFor(needs, scope) != null)) {
                Spot spot = rooms.bestFor(needs, scope.except(each.node.name));
                if (spot != null && open.contains(spot.room().node)) {
                    Rearrangement.Move move = new Rearrangement.Move(each.workload.id, spot.room().node.name);
                    return new Rearrangement(beneficiary.id, List.of(move), false);
                }
            }
        }
        return null;
    }

    private @Nullable Rearrangement exchange(Workload beneficiary, List<Candidate> leaving) {
        Resources needs = beneficiary.needs();
        for (Candidate leaves : leaving) {
            Candidate comes = partner(leaves, leaves.without.minus(leaves.without.piece(needs)));
            if (comes != null) {
                return new Rearrangement(
                        beneficiary.id,
                        List.of(
                                new Rearrangement.Move(leaves.workload.id, comes.node.name),
                                new Rearrangement.Move(comes.workload.id, leaves.node.name)),
                        true);
            }
        }
        return null;
    }

    /** Who fits into {@code rest} and leaves room for one that leaves; null if nobody does. */
    private @Nullable Candidate partner(Candidate leaves, Space rest) {
        Map<Kind, List<Candidate>> kinds = partners.computeIfAbsent(Kind.of(leaves.workload), this::partners);
        for (Map.Entry<Kind, List<Candidate>> kind : kinds.entrySet()) {
            if (kind.getKey().mayBeOn(leaves.node) && rest.fits(kind.getKey().needs())) {
                for (Candidate each : kind.getValue()) {
                    if (each.node != leaves.node) {
                        return each;
                    }
                }
            }
        }
        return null;
    }

    /** Who could let such a one come, by their own kind: of each two on different nodes, since one may be where that one is. */
    private Map<Kind, List<Candidate>> partners(Kind leaves) {
        Map<Kind, List<Candidate>> kinds = new LinkedHashMap<>();
        for (Candidate each : candidates) {
            Kind own = Kind.of(each.workload);
            if (!own.needs().equals(leaves.needs()) && leaves.mayBeOn(each.node) && each.without.fits(leaves.needs())) {
                List<Candidate> known = kinds.computeIfAbsent(own, absent -> new ArrayList<>());
                if (known.isEmpty() || (known.size() == 1 && known.get(0).node != each.node)) {
                    known.add(each);
                }
            }
        }
        return kinds;
    }
}
