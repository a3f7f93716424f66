package dev.ingot.scheduler.pool;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Where room for one member of a gang after the other is cheapest to make.
 *
 * <p>What it costs on a node is found out once, and again only where the choice for another member has changed it. It can also have become
 * impossible where nothing changed, since tenants hold less of the pool with each that is suspended: so whatever is about to be chosen is
 * looked at again.
 */
final class GangVictims {
    private final Workload leader;
    private final Planner planner;
    private final Turns turns;
    private final Spread spread;
    private final Map<String, Room> rooms;
    private final Map<Room, Victims> current = new HashMap<>();
    private final PriorityQueue<Victims> cheapest = new PriorityQueue<>();

    private GangVictims(Workload leader, Planner planner, Turns turns, Spread spread, Map<String, Room> rooms) {
        this.leader = leader;
        this.planner = planner;
        this.turns = turns;
        this.spread = spread;
        this.rooms = rooms;
        rooms.values().forEach(this::look);
    }

    /**
     * Looks for room in some rooms.
     *
     * @param among where it is looked for
     * @param spread how many may be where
     * @return null if there can be no room for so many members
     */
    static @Nullable GangVictims search(
            Workload leader, int members, Planner planner, Turns turns, Collection<Room> among, Spread spread) {
        Resources needs = leader.needs();
        Map<String, Room> rooms = new LinkedHashMap<>();
        among.forEach(room -> rooms.put(room.node.name, room));
        long most = 0;
        for (Room room : rooms.values()) {
            Space free = room.expected();
            for (Workload candidate : planner.candidates(room, leader, turns)) {
                free = free.plus(Planner.freed(room, candidate));
            }
            most += Math.min(free.times(needs, members), spread.left(room.node));
            if (most >= members) {
                break;
            }
        }
        return most < members ? null : new GangVictims(leader, planner, turns, spread, rooms);
    }

    private void look(Room room) {
        Victims victims = Victims.on(room, leader, planner.candidates(room, leader, turns), turns, planner);
        Victims before = victims == null ? current.remove(room) : current.put(room, victims);
        if (before != null) {
            cheapest.remove(before);
        }
        if (victims != null) {
            cheapest.add(victims);
        }
    }

    /** Null if there is none. */
    @Nullable Victims cheapest() {
        while (!cheapest.isEmpty()) {
            Victims first = cheapest.element();
            if (spread.left(first.room().node) == 0) {
                cheapest.remove(first);
                current.remove(first.room());
                continue;
            }
            look(first.room());
            if (first.equals(current.get(first.room()))) {
                return first;
            }
        }
        return null;
    }

    /** A choice was made: there is one more there. */
    void changed(Victims choice) {
        spread.take(choice.room().node, 1);
        Map<String, Room> changed = new LinkedHashMap<>();
        changed.put(choice.room().node.name, choice.room());
        for (Workload victim : choice.workloads()) {
            for (Workload each : victim.together()) {
                Room room = each.node == null ? null : rooms.get(each.node);
                if (room != null) {
                    changed.put(room.node.name, room);
                }
            }
        }
        changed.values().forEach(this::look);
    }
}
