package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for room, and those for whom room is kept. Workloads that are alike in all that decides on their place stand together, so
 * that where one of them finds none the others need not be looked at, however many there are. Confined to the core's writer.
 */
final class Queue {
    /** Linked, as a table that was large once takes long to go through when hardly anything is left in it. */
    private final Map<Shape, Group> alike = new LinkedHashMap<>();
    /** Those to whom room is promised. */
    private final Map<Shape, Group> promised = new LinkedHashMap<>();

    private final Promises promises = new Promises();

    /** The group of each, which is asked for far more often than it changes. */
    private final Map<Workload, Group> groups = new HashMap<>();
    /** All others for whom, or for whose gang, room is kept, by the standing that they are in the queue with. */
    private final Map<Tier, NavigableSet<Workload>> claimants = new EnumMap<>(Tier.class);

    /** Where room is kept for each, or for its gang, promised or not. */
    private final Map<Workload, Set<String>> keptFor = new HashMap<>();
    /** For how many room is kept on each node. */
    private final Map<String, Integer> kept = new HashMap<>();

    /** Kinds of Premium for which no room is kept. */
    private int premium;

    /**
     * What workloads have in common.
     *
     * @param level by what it has had
     * @param members how many of its gang the workload stands for
     * @param prospects where they could go on from their images
     * @param single the workload itself if it has to be looked at for itself: room is kept for it, or it must not start yet
     * @param promised whether room is promised to it
     */
    private record Shape(
            Tier standing,
            int priority,
            String tenant,
            Resources needs,
            List<Alternative> alternatives,
            int level,
            int members,
            PlacementRule placement,
            Prospects prospects,
            @Nullable Workload single,
            boolean promised) {
        int premium() {
            return standing == Tier.PREMIUM && single == null ? 1 : 0;
        }
    }

    /** Those that are alike, the most senior first. */
    private record Group(Shape shape, TreeSet<Workload> members) {}

    Queue() {
        for (Tier tier : Tier.values()) {
            claimants.put(tier, new TreeSet<>(Comparator.comparingLong(workload -> workload.number)));
        }
    }

    /** Puts a workload where it belongs now. */
    void put(Workload workload) {
        boolean single = workload.beyond != null || isSingle(workload);
        for (Workload member : workload.together()) {
            single |= member.state != WorkloadState.QUEUED || isSingle(member);
        }
        Promises.Promise promise = Promises.of(workload);
        Shape shape = new Shape(
                workload.standing,
                workload.spec.priority(),
                workload.spec.tenant(),
                workload.spec.needs(),
                workload.spec.namesAccelerators() ? workload.spec.alternatives() : List.of(),
                workload.level,
                workload.together().size(),
                workload.spec.placement(),
                workload.allProspects(),
                single ? workload : null,
                promise != null);
        setKept(workload, keptFor(workload));
        promises.set(workload, promise);
        boolean claimed = promise == null && !nodesKeptFor(workload).isEmpty();
        claimants.forEach((standing, some) -> {
            if (claimed && standing == workload.standing) {
                some.add(workload);
            } else {
                some.remove(workload);
            }
        });
        Group before = groups.get(workload);
        if (before == null || !shape.equals(before.shape())) {
            forget(workload);
            Group group = groups(shape).get(shape);
            if (group == null) {
                group = new Group(shape, new TreeSet<>(Workload.SENIORITY));
                groups(shape).put(shape, group);
                premium += shape.premium();
            }
            group.members().add(workload);
            groups.put(workload, group);
        }
    }

    private Map<Shape, Group> groups(Shape shape) {
        return shape.promised() ? promised : alike;
    }

    private static Set<String> keptFor(Workload workload) {
        Set<String> nodes = new HashSet<>();
        for (Workload member : workload.together()) {
            if (member.claim != null) {
                nodes.add(member.claim.node());
            }
        }
        return nodes;
    }

    private void setKept(Workload workload, Set<String> after) {
        Set<String> before = nodesKeptFor(workload);
        if (after.equals(before)) {
            return;
        }
        for (String node : before) {
            kept.merge(node, -1, (some, less) -> some + less == 0 ? null : some + less);
            promises.nodeChanged(node);
        }
        for (String node : after) {
            kept.merge(node, 1, Integer::sum);
            promises.nodeChanged(node);
        }
        if (after.isEmpty()) {
            keptFor.remove(workload);
        } else {
            keptFor.put(workload, after);
        }
    }

    /** What was promised, and is kept up to date with what is put here. */
    Promises promises() {
        return promises;
    }

    private static boolean isSingle(Workload workload) {
        return workload.claim != null || workload.notBefore > 0;
    }

    /** Whether Premium waits that has not been promised any room. */
    boolean hasPremiumWithoutRoom() {
        return premium > 0;
    }

    /** Whether nobody waits. */
    boolean isEmpty() {
        return groups.isEmpty();
    }

    void remove(Workload workload) {
        claimants.values().forEach(some -> some.remove(workload));
        setKept(workload, Set.of());
        promises.set(workload, null);
        forget(workload);
    }

    private void forget(Workload workload) {
        Group group = groups.remove(workload);
        if (group != null) {
            group.members().remove(workload);
            if (group.members().isEmpty()) {
                groups(group.shape()).remove(group.shape());
                premium -= group.shape().premium();
            }
        }
    }

    boolean contains(Workload workload) {
        return groups.containsKey(workload);
    }

    /** How many wait, without those that still run elsewhere. */
    int size() {
        int size = promised.size();
        for (Group group : alike.values()) {
            TreeSet<Workload> members = group.members();
            size += members.first().state == WorkloadState.QUEUED ? members.size() : 0;
        }
        return size;
    }

    /** All to whom nothing is promised, by kind, in any order of kinds. */
    List<NavigableSet<Workload>> kinds() {
        List<NavigableSet<Workload>> kinds = new ArrayList<>(alike.size());
        alike.values().forEach(group -> kinds.add(group.members()));
        return kinds;
    }

    /** All, by kind, in any order of kinds. */
    List<NavigableSet<Workload>> allKinds() {
        List<NavigableSet<Workload>> kinds = kinds();
        promised.values().forEach(group -> kinds.add(group.members()));
        return kinds;
    }

    /** Those that are like a workload that waits, and all for whom room is kept but not promised, by kind, in any order of kinds. */
    List<NavigableSet<Workload>> kindsBeside(Workload workload) {
        List<NavigableSet<Workload>> kinds = new ArrayList<>();
        Group like = groups.get(workload);
        if (like != null && !like.shape().promised()) {
            kinds.add(like.members());
        }
        for (NavigableSet<Workload> some : claimants.values()) {
            for (Workload each : some) {
                Group group = groups.get(each);
                if (group != null && group != like) {
                    kinds.add(group.members());
                }
            }
        }
        return kinds;
    }

    /** Whether room is kept on a node for anybody. */
    boolean isKept(String node) {
        return kept.containsKey(node);
    }

    /** Where room is kept for a workload, or for its gang. */
    Set<String> nodesKeptFor(Workload workload) {
        return keptFor.getOrDefault(workload, Set.of());
    }

    /** Those of a standing for whom, or for whose gang, room is kept but not promised, who came first first. */
    Collection<Workload> claimants(Tier standing) {
        return claimants.getOrDefault(standing, Collections.emptyNavigableSet());
    }
}
