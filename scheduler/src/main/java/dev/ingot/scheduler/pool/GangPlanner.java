package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a plan that places gangs: all members at once or none. They all need the same, so how many of them a node takes says all
 * about it.
 */
final class GangPlanner {
    private final Planner planner;

    GangPlanner(Planner planner) {
        this.planner = planner;
    }

    /** Returns whether all members have, or will have, a place. */
    boolean place(Workload leader) {
        List<Workload> members = leader.together();
        boolean placed =
                useClaims(members) || (mayStart(members) && (findRoom(leader, members) || keepNodes(leader, members)));
        if (!placed) {
            members.forEach(planner::drop);
        }
        return placed;
    }

    private boolean mayStart(List<Workload> members) {
        return members.stream().allMatch(member -> member.state == WorkloadState.QUEUED && planner.mayStart(member));
    }

    private boolean findRoom(Workload leader, List<Workload> members) {
        if (planner.hasFailed(leader)) {
            return false;
        }
        if (startNow(members) || makeRoom(leader, members)) {
            return true;
        }
        planner.fail(leader);
        return false;
    }

    /** Whether the room that is being made for all of them is there, or still to be expected. */
    boolean useClaims(List<Workload> members) {
        if (!mayStart(members)) {
            return false;
        }
        Map<Room, Integer> counts = new HashMap<>();
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room =
                    claim == null || !claim.certain() ? null : planner.rooms().at(claim.node());
            if (room == null) {
                return false;
            }
            counts.merge(room, 1, Integer::sum);
        }
        Resources needs = members.get(0).spec.needs();
        boolean allThere =
                counts.entrySet().stream().allMatch(each -> each.getKey().timesNow(needs) >= each.getValue());
        boolean allExpected =
                counts.entrySet().stream().allMatch(each -> each.getKey().timesLater(needs) >= each.getValue());
        if (!allThere && !allExpected) {
            return false;
        }
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

    private boolean startNow(List<Workload> members) {
        List<Room> rooms = planner.rooms().tightestFor(members.get(0).spec.needs(), members.size());
        if (rooms.size() < members.size()) {
            return false;
        }
        for (int i = 0; i < rooms.size(); i++) {
            planner.start(members.get(i), rooms.get(i));
        }
        return true;
    }

    /** What becomes free anyway first, then whom suspending costs least, one place after the other; nobody if that is not enough. */
    private boolean makeRoom(Workload leader, List<Workload> members) {
        if (!planner.maySearchFor(leader)) {
            return false;
        }
        Resources needs = leader.spec.needs();
        GangVictims search = GangVictims.search(leader, members.size(), planner);
        if (search == null) {
            return false;
        }
        Planner.Mark before = planner.mark();
        List<Room> claims = new ArrayList<>();
        List<Workload> victims = new ArrayList<>();
        while (claims.size() < members.size()) {
            Victims best = search.cheapest();
            if (best == null) {
                planner.goBackTo(before);
                return false;
            }
            best.workloads().forEach(planner::suspend);
            victims.addAll(best.workloads());
            planner.rooms().claim(best.room(), needs);
            claims.add(best.room());
            search.changed(best);
        }
        List<Workload> needed = needed(before, victims, claims, needs);
        planner.goBackTo(before);
        needed.forEach(victim -> planner.makeRoom(victim, leader));
        String tenant = leader.spec.tenant();
        planner.hold(tenant, planner.held(tenant).plus(leader.demand()));
        for (int i = 0; i < claims.size(); i++) {
            planner.keep(members.get(i), claims.get(i), true);
        }
        return true;
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
        if (!planner.isFirstToWait(leader)) {
            return false;
        }
        Resources needs = leader.spec.needs();
        List<Room> rooms = kept(members);
        if (rooms == null) {
            rooms = planner.rooms().loosestFor(needs, members.size());
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

    private @Nullable List<Room> kept(List<Workload> members) {
        List<Room> rooms = new ArrayList<>();
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room = claim == null ? null : planner.rooms().at(claim.node());
            if (room == null) {
                return null;
            }
            rooms.add(room);
        }
        return rooms;
    }
}
