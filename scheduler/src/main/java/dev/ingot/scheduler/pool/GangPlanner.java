package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a plan that places gangs: all members at once or none. They all need the same, so how many of them a node takes says all
 * about it.
 */
final class GangPlanner {
    /** Of more racks, zones or regions, room is made in one of so many, others each time. */
    private static final int MOST_DOMAINS = 32;

    private final Planner planner;

    GangPlanner(Planner planner) {
        this.planner = planner;
    }

    /** Returns whether all members have, or will have, a place. */
    boolean place(Workload leader) {
        List<Workload> members = leader.together();
        boolean placed = useClaims(members)
                || (mayStart(members)
                        && (planner.withAny(leader, () -> findRoom(leader, members))
                                || planner.withAny(leader, () -> keepNodes(leader, members))));
        if (!placed) {
            members.forEach(planner::drop);
        }
        return placed;
    }

    private boolean mayStart(List<Workload> members) {
        // Copies beyond the least number that still stop are where they were.
        Gang gang = members.get(0).gang;
        boolean stands = !members.get(0).spec.placement().isOfGangs()
                || gang == null
                || gang.beyond().stream().noneMatch(copy -> copy.state.isPlaced());
        return stands
                && members.stream()
                        .allMatch(member -> member.state == WorkloadState.QUEUED && planner.mayStart(member));
    }

    private boolean findRoom(Workload leader, List<Workload> members) {
        if (planner.hasFailed(leader)) {
            return false;
        }
        // Where it has to wait for what its tenant leaves, it does so without a claim.
        if (planner.mayHave(leader)
                && ((planner.mayHaveNow(leader) && startNow(members)) || makeRoom(leader, members))) {
            return true;
        }
        planner.fail(leader);
        return false;
    }

    /** Whether the room that is being made for all of them is there, or still to be expected. */
    boolean useClaims(List<Workload> members) {
        Claim first = members.get(0).claim;
        return first != null
                && mayStart(members)
                && planner.with(members.get(0), first.choice(), () -> useClaims(members, first.choice()));
    }

    private boolean useClaims(List<Workload> members, int choice) {
        Map<Room, Integer> counts = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room = claim == null || !claim.certain() || claim.choice() != choice
                    ? null
                    : planner.rooms().at(claim.node());
            if (room == null) {
                return false;
            }
            counts.merge(room, 1, Integer::sum);
            nodes.add(room.node);
        }
        if (!allows(members, nodes)) {
            return false;
        }
        Resources needs = members.get(0).needs();
        boolean allThere =
                counts.entrySet().stream().allMatch(each -> each.getKey().timesNow(needs) >= each.getValue());
        boolean allExpected =
                counts.entrySet().stream().allMatch(each -> each.getKey().timesLater(needs) >= each.getValue());
        if ((!allThere && !allExpected) || !planner.mayHave(members.get(0))) {
            return false;
        }
        allThere &= planner.mayHaveNow(members.get(0));
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room = claim == null ? null : planner.rooms().at(claim.node());
            if (room != null && allThere) {
                planner.start(member, room);
            } else if (room != null) {
                planner.keep(member, room, true);
            }
        }
        return true;
    }

    private static boolean allows(List<Workload> members, List<Node> nodes) {
        Workload leader = members.get(0);
        PlacementRule rule = leader.spec.placement();
        return (rule.isNone() || rule.allows(nodes))
                && nodes.stream().allMatch(leader.prospects().possible());
    }

    /** Where in a domain all members could go on from their images. */
    private static Scope scope(Workload leader, Domain domain) {
        return new Scope(domain, leader.prospects().possible());
    }

    private boolean startNow(List<Workload> members) {
        List<Room> rooms = roomNow(members);
        if (rooms == null) {
            return false;
        }
        for (int i = 0; i < rooms.size(); i++) {
            planner.start(members.get(i), rooms.get(i));
        }
        return true;
    }

    /** In the smallest rack, zone or region that has room for all of it, whether or not it has to be in one; of these where least is left. */
    private @Nullable List<Room> roomNow(List<Workload> members) {
        Workload leader = members.get(0);
        PlacementRule rule = leader.spec.placement();
        Resources needs = leader.needs();
        int count = members.size();
        if (rule.together() == Level.NODE) {
            Room room = planner.rooms().tightestForAll(needs, count, scope(leader, planner.within(rule)));
            return room == null || new Spread(rule).left(room.node) < count ? null : Collections.nCopies(count, room);
        }
        for (Level level : Level.OF_LOCATIONS) {
            for (Domain domain : tightest(level, rule, needs.times(count))) {
                List<Room> rooms = planner.rooms().tightestFor(needs, count, scope(leader, domain), rule);
                if (rooms.size() == count) {
                    return rooms;
                }
            }
            if (level == rule.together()) {
                return null;
            }
        }
        List<Room> rooms = planner.rooms().tightestFor(needs, count, scope(leader, planner.within(rule)), rule);
        return rooms.size() < count ? null : rooms;
    }

    /** Those in which there may be so much, first where least is left. */
    private List<Domain> tightest(Level level, PlacementRule rule, Resources demand) {
        List<Domain> domains = new ArrayList<>();
        for (Domain domain : planner.domains(level, rule)) {
            if (domain.mayHave(demand)) {
                domains.add(domain);
            }
        }
        domains.sort(Domain.TIGHTEST);
        return domains;
    }

    /** Where it costs least together, of all regions, zones or racks that could hold all of it. */
    private boolean makeRoom(Workload leader, List<Workload> members) {
        if (!planner.maySearchFor(leader)) {
            return false;
        }
        Turns turns = planner.turns(leader);
        Attempt best = null;
        for (Collection<Room> among : among(leader, members.size(), turns)) {
            Attempt attempt = attempt(leader, members, among, turns);
            if (attempt != null && (best == null || attempt.price.compareTo(best.price) < 0)) {
                best = attempt;
            }
        }
        if (best == null) {
            return false;
        }
        best.price.workloads().forEach(victim -> planner.makeRoom(victim, leader));
        planner.hold(leader.spec.tenant(), leader.demand());
        for (int i = 0; i < members.size(); i++) {
            planner.keep(members.get(i), best.claims.get(i), true);
        }
        return true;
    }

    /** Rooms of which some are to be for all members. */
    private List<Collection<Room>> among(Workload leader, int count, Turns turns) {
        PlacementRule rule = leader.spec.placement();
        Level together = rule.together();
        List<Collection<Room>> among = new ArrayList<>();
        if (together == null) {
            among.add(among(leader, count, turns, planner.within(rule)));
        } else if (together == Level.NODE) {
            planner.holders(leader, turns, planner.within(rule)).forEach(room -> among.add(List.of(room)));
        } else {
            List<Domain> domains = new ArrayList<>();
            for (Domain domain : planner.domains(together, rule)) {
                if (domain.mostEver(leader.needs(), count) == count) {
                    domains.add(domain);
                }
            }
            int start = domains.isEmpty() ? 0 : planner.offset(domains.size());
            for (int i = 0; i < Math.min(MOST_DOMAINS, domains.size()); i++) {
                among.add(among(leader, count, turns, domains.get((start + i) % domains.size())));
            }
        }
        return among;
    }

    private Collection<Room> among(Workload leader, int count, Turns turns, Domain domain) {
        Set<Room> rooms = new LinkedHashSet<>(
                planner.rooms().tightestFor(leader.needs(), count, scope(leader, domain), leader.spec.placement()));
        rooms.addAll(planner.holders(leader, turns, domain));
        return rooms;
    }

    /** @param price who would be suspended, and what that costs */
    private record Attempt(List<Room> claims, Victims price) {}

    /** What becomes free anyway first, then whom suspending costs least, one place after the other; null if that is not enough. */
    private @Nullable Attempt attempt(Workload leader, List<Workload> members, Collection<Room> among, Turns turns) {
        Resources needs = leader.needs();
        Spread spread = new Spread(leader.spec.placement());
        GangVictims search = GangVictims.search(leader, members.size(), planner, turns, among, spread);
        if (search == null) {
            return null;
        }
        Planner.Mark before = planner.mark();
        List<Room> claims = new ArrayList<>();
        List<Workload> victims = new ArrayList<>();
        while (claims.size() < members.size()) {
            Victims best = search.cheapest();
            if (best == null) {
                planner.goBackTo(before);
                return null;
            }
            best.workloads().forEach(planner::suspend);
            victims.addAll(best.workloads());
            planner.rooms().claim(best.room(), needs);
            claims.add(best.room());
            search.changed(best);
        }
        List<Workload> needed = needed(before, victims, claims, needs);
        planner.goBackTo(before);
        return new Attempt(claims, Victims.of(claims.get(0), needed, planner));
    }

    /** Those without whom it does not go: who is of a gang makes room in more than one place. */
    private List<Workload> needed(Planner.Mark before, List<Workload> victims, List<Room> claims, Resources needs) {
        List<Workload> needed = new ArrayList<>(victims);
        for (Workload victim : victims) {
            needed.remove(victim);
            planner.goBackTo(before);
            needed.forEach(planner::suspend);
            claims.forEach(room -> planner.rooms().claim(room, needs));
            if (claims.stream().anyMatch(room -> room.expected().isOverdrawn())) {
                needed.add(victim);
            }
        }
        return needed;
    }

    private boolean keepNodes(Workload leader, List<Workload> members) {
        if (!planner.isFirstToWait(leader) || !planner.mayHave(leader)) {
            return false;
        }
        List<Room> rooms = kept(members);
        if (rooms == null) {
            rooms = roomOnceEmpty(leader, members.size());
        }
        if (rooms == null) {
            return false;
        }
        planner.nodesAreKept();
        for (int i = 0; i < rooms.size(); i++) {
            planner.keep(members.get(i), rooms.get(i), false);
        }
        return true;
    }

    /** Where most is left, in one region, zone, rack or node if it has to be in one. */
    private @Nullable List<Room> roomOnceEmpty(Workload leader, int count) {
        PlacementRule rule = leader.spec.placement();
        Resources needs = leader.needs();
        Level together = rule.together();
        if (together == null) {
            return planner.rooms().loosestFor(needs, count, scope(leader, planner.within(rule)), rule);
        } else if (together == Level.NODE) {
            Room room = planner.rooms().loosestForAll(needs, count, scope(leader, planner.within(rule)));
            return room == null || new Spread(rule).left(room.node) < count ? null : Collections.nCopies(count, room);
        }
        List<Domain> domains = new ArrayList<>(planner.domains(together, rule));
        domains.sort(Domain.TIGHTEST.reversed());
        for (Domain domain : domains) {
            List<Room> rooms = planner.rooms().loosestFor(needs, count, scope(leader, domain), rule);
            if (rooms != null) {
                return rooms;
            }
        }
        return null;
    }

    private @Nullable List<Room> kept(List<Workload> members) {
        List<Room> rooms = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room = claim == null || claim.choice() != member.choice()
                    ? null
                    : planner.rooms().at(claim.node());
            if (room == null) {
                return null;
            }
            rooms.add(room);
            nodes.add(room.node);
        }
        return allows(members, nodes) ? rooms : null;
    }
}
