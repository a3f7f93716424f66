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
        boolean mayStart =
                members.stream().allMatch(member -> member.state == WorkloadState.QUEUED && planner.mayStart(member));
        boolean placed = mayStart
                && (useClaims(members) || startNow(members) || makeRoom(leader, members) || keepNodes(leader, members));
        if (!placed) {
            members.forEach(planner::drop);
        }
        return placed;
    }

    /** Whether the room that is being made for all of them is there, or still to be expected. */
    private boolean useClaims(List<Workload> members) {
        Map<Room, Integer> counts = new HashMap<>();
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room =
                    claim == null || !claim.certain() ? null : planner.rooms().get(claim.node());
            if (room == null) {
                return false;
            }
            counts.merge(room, 1, Integer::sum);
        }
        Resources needs = members.get(0).spec.needs();
        boolean allThere = counts.entrySet().stream().allMatch(each -> fitNow(each.getKey(), needs) >= each.getValue());
        boolean allExpected =
                counts.entrySet().stream().allMatch(each -> fitLater(each.getKey(), needs) >= each.getValue());
        if (!allThere && !allExpected) {
            return false;
        }
        for (Workload member : members) {
            Claim claim = member.claim;
            Room room = claim == null ? null : planner.rooms().get(claim.node());
            if (room != null && allThere) {
                planner.start(member, room);
            } else if (room != null) {
                planner.keep(member, room, true);
            }
        }
        return true;
    }

    private static int fitNow(Room room, Resources needs) {
        return Math.min(needs.timesIn(room.free, Integer.MAX_VALUE), fitLater(room, needs));
    }

    private static int fitLater(Room room, Resources needs) {
        return needs.timesIn(room.expected(), Integer.MAX_VALUE);
    }

    /** How many members a node takes, by one measure or another. */
    private interface Fit {
        int of(Room room);
    }

    /** A room for each member, first those where least is left; null if there are too few. */
    private @Nullable List<Room> rooms(int count, boolean tightestFirst, Fit fit) {
        List<Room> sorted = new ArrayList<>(planner.rooms().values());
        sorted.sort(tightestFirst ? Planner.TIGHTEST : Planner.TIGHTEST.reversed());
        List<Room> chosen = new ArrayList<>();
        for (Room room : sorted) {
            for (int left = fit.of(room); left > 0 && chosen.size() < count; left--) {
                chosen.add(room);
            }
        }
        return chosen.size() < count ? null : chosen;
    }

    private boolean startNow(List<Workload> members) {
        Resources needs = members.get(0).spec.needs();
        List<Room> rooms = rooms(members.size(), true, room -> fitNow(room, needs));
        if (rooms == null) {
            return false;
        }
        for (int i = 0; i < rooms.size(); i++) {
            planner.start(members.get(i), rooms.get(i));
        }
        return true;
    }

    /** What becomes free anyway first, then whom suspending costs least, one place after the other; nobody if that is not enough. */
    private boolean makeRoom(Workload leader, List<Workload> members) {
        Resources needs = leader.spec.needs();
        Planner.Mark before = planner.mark();
        List<Room> claims = new ArrayList<>();
        List<Workload> victims = new ArrayList<>();
        while (claims.size() < members.size()) {
            Victims best = cheapest(leader);
            if (best == null) {
                planner.goBackTo(before);
                return false;
            }
            best.workloads().forEach(planner::suspend);
            victims.addAll(best.workloads());
            best.room().claimed = best.room().claimed.plus(needs);
            claims.add(best.room());
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

    private @Nullable Victims cheapest(Workload leader) {
        Victims best = null;
        for (Room room : planner.rooms().values()) {
            Victims victims = Victims.on(room, leader, planner.candidates(room, leader), planner);
            if (victims != null && (best == null || victims.compareTo(best) < 0)) {
                best = victims;
            }
        }
        return best;
    }

    /** Those without whom it does not go: who is of a gang makes room in more than one place. */
    private List<Workload> needed(Planner.Mark before, List<Workload> victims, List<Room> claims, Resources needs) {
        List<Workload> needed = new ArrayList<>(victims);
        for (Workload victim : victims) {
            needed.remove(victim);
            planner.goBackTo(before);
            needed.forEach(planner::suspend);
            claims.forEach(room -> room.claimed = room.claimed.plus(needs));
            if (!claims.stream().allMatch(room -> Resources.NONE.fitsIn(room.expected()))) {
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
            rooms = rooms(members.size(), false, room -> needs.timesIn(room.node.capacity, Integer.MAX_VALUE));
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
            Room room = claim == null ? null : planner.rooms().get(claim.node());
            if (room == null) {
                return null;
            }
            rooms.add(room);
        }
        return rooms;
    }
}
