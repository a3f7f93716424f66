package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What nodes have left while a plan is being made. Only those that the plan has to do with are kept apart from the {@link NodeIndex}, which does
 * not change meanwhile; all others are as it says. Not thread-safe.
 */
final class Rooms {
    private static final Tier[] TIERS = Tier.values();

    private final NodeIndex index;
    private final Placement placement;
    private final Registry registry;
    private final Promises promises;
    /** All that were looked at, by node; most of them are as the index says. */
    private final Map<Node, Room> known = new HashMap<>();

    /** Of these, those on which room was promised. */
    private final List<String> promisedOn = new ArrayList<>();
    /** The weakest of those who have, or will have, the room that was promised to them; null if it is too soon for anybody. */
    private @Nullable Tier settled;

    private final List<Room> touched = new ArrayList<>();
    private final TightestFirst<Room> touchedByFree = new TightestFirst<>();

    Rooms(Registry registry, Placement placement) {
        this.registry = registry;
        this.placement = placement;
        this.index = registry.index();
        this.promises = registry.queue().promises();
    }

    /** From now on room that was promised to workloads of that standing is theirs, on all nodes that nobody has looked at. */
    void settle(Tier standing) {
        settled = standing;
    }

    /** The nodes that were looked at and on which room was promised. */
    List<String> promisedOn() {
        return promisedOn;
    }

    /** That of a node; null if that takes no workloads. */
    @Nullable Room at(String name) {
        Node node = registry.findNode(name);
        return node == null || !node.takesWorkloads() ? null : of(node);
    }

    private Room of(Node node) {
        Room room = known.get(node);
        if (room == null) {
            room = new Room(node);
            known.put(node, room);
            if (promises.areAt(node.name)) {
                promisedOn.add(node.name);
                addPromises(room);
            }
        }
        return room;
    }

    private void addPromises(Room room) {
        for (Promises.Promise promise : promises.at(room.node.name)) {
            if (settled != null && promise.standing().compareTo(settled) <= 0) {
                room.promise(promise.needs());
            }
        }
    }

    private boolean isTouched(Node node) {
        Room room = known.get(node);
        return room != null && room.isTouched;
    }

    /** Something is planned with it. */
    private void touch(Room room) {
        if (!room.isTouched) {
            room.isTouched = true;
            touched.add(room);
            touchedByFree.put(room.place(), room);
        }
    }

    /** Somebody starts there. */
    void take(Room room, Space piece) {
        touch(room);
        touchedByFree.remove(room.place());
        room.take(piece);
        touchedByFree.put(room.place(), room);
    }

    /** Somebody is to come later. */
    void claim(Room room, Resources needs) {
        touch(room);
        room.claim(room.expected().piece(needs, room.free()));
    }

    /** Somebody is to go. */
    void release(Room room, Space amount) {
        touch(room);
        room.release(amount);
    }

    /** The best place for somebody, of those that have room now, on probation only where no other has; null if none has. */
    @Nullable Spot bestFor(Resources needs, Scope scope) {
        Spot trusted = index.isAnyOnProbation() ? bestIn(needs, scope.trusted()) : null;
        return trusted == null ? bestIn(needs, scope) : trusted;
    }

    private @Nullable Spot bestIn(Resources needs, Scope scope) {
        Predicate<Room> fits = room -> scope.has(room.node) && room.fitsNow(needs);
        // Where nothing is promised either, nothing is kept: what is free now stays so.
        Predicate<Node> differs = node -> !isTouched(node)
                && scope.admits().test(node)
                && (!promises.areAt(node.name) || of(node).fitsNow(needs));
        TightestFirst<Node> free = scope.domain().free();
        List<Room> rooms = new ArrayList<>();
        if (placement.looksAtAll()) {
            touchedByFree.first(needs, room -> fits.test(room) && !rooms.add(room));
            free.first(needs, node -> differs.test(node) && !rooms.add(of(node)));
        } else {
            rooms.addAll(touchedByFree.ofEachShape(needs, Placement.MOST_SHAPES, fits));
            free.ofEachShape(needs, Placement.MOST_SHAPES, differs).forEach(node -> rooms.add(of(node)));
        }
        return placement.best(rooms, needs, registry.mix(), index.capacity());
    }

    /** A room for each of {@code count} now, first where least is left, on probation only where the others do not do; fewer if there are not so many. */
    List<Room> tightestFor(Resources needs, int count, Scope scope, PlacementRule rule) {
        List<Room> trusted = index.isAnyOnProbation() ? tightestIn(needs, count, scope.trusted(), rule) : List.of();
        return trusted.size() < count ? tightestIn(needs, count, scope, rule) : trusted;
    }

    private List<Room> tightestIn(Resources needs, int count, Scope scope, PlacementRule rule) {
        Fit fit = room -> scope.has(room.node) ? room.timesNow(needs) : 0;
        List<Room> rooms = new ArrayList<>();
        touchedByFree.first(needs, new Collector(rooms, count, fit, rule));
        Collector others = new Collector(rooms, count, fit, rule);
        scope.domain().free().first(needs, node -> !isTouched(node) && others.test(of(node)));
        rooms.sort(Room.TIGHTEST);
        return places(rooms, count, fit, rule);
    }

    /** The room with least left that has it for {@code count} now, on probation only if no other has; null if there is none. */
    @Nullable Room tightestForAll(Resources needs, int count, Scope scope) {
        Room trusted = index.isAnyOnProbation() ? tightestForAllIn(needs, count, scope.trusted()) : null;
        return trusted == null ? tightestForAllIn(needs, count, scope) : trusted;
    }

    private @Nullable Room tightestForAllIn(Resources needs, int count, Scope scope) {
        Room touched = touchedByFree.first(needs, room -> scope.has(room.node) && room.timesNow(needs) >= count);
        Node other = scope.domain()
                .free()
                .first(needs, node -> !isTouched(node) && scope.has(node) && of(node).timesNow(needs) >= count);
        Room untouched = other == null ? null : of(other);
        if (touched == null || untouched == null) {
            return touched == null ? untouched : touched;
        }
        return Room.TIGHTEST.compare(touched, untouched) < 0 ? touched : untouched;
    }

    /** A room for each of {@code count} once it is empty, first where most is left; null if there are not so many. */
    @Nullable List<Room> loosestFor(Resources needs, int count, Scope scope, PlacementRule rule) {
        if (scope.domain().mostEver(needs, count) < count) {
            return null;
        }
        Fit fit = room -> scope.has(room.node) ? room.timesEver(needs) : 0;
        List<Room> rooms = new ArrayList<>();
        touchedByFree.last(new Collector(rooms, count, fit, rule));
        Collector others = new Collector(rooms, count, fit, rule);
        scope.domain().free().last(node -> !isTouched(node) && others.test(of(node)));
        rooms.sort(Room.TIGHTEST.reversed());
        List<Room> places = places(rooms, count, fit, rule);
        return places.size() < count ? null : places;
    }

    /** The room with most left that has it for {@code count} once it is empty; null if there is none. */
    @Nullable Room loosestForAll(Resources needs, int count, Scope scope) {
        Room touched = touchedByFree.last(room -> scope.has(room.node) && room.timesEver(needs) >= count);
        Node other = scope.domain()
                .free()
                .last(node -> !isTouched(node) && scope.has(node) && of(node).timesEver(needs) >= count);
        Room untouched = other == null ? null : of(other);
        if (touched == null || untouched == null) {
            return touched == null ? untouched : touched;
        }
        return Room.TIGHTEST.compare(touched, untouched) > 0 ? touched : untouched;
    }

    /** How many a node takes, by one measure or another. */
    private interface Fit {
        int of(Room room);
    }

    /** Collects rooms until there are enough. */
    private static final class Collector implements Predicate<Room> {
        private final List<Room> rooms;
        private final Fit fit;
        private final Spread spread;
        private long left;

        Collector(List<Room> rooms, int count, Fit fit, PlacementRule rule) {
            this.rooms = rooms;
            this.left = count;
            this.fit = fit;
            this.spread = new Spread(rule);
        }

        @Override
        public boolean test(Room room) {
            int times = spread.take(room.node, fit.of(room));
            if (times > 0) {
                rooms.add(room);
                left -= times;
            }
            return left <= 0;
        }
    }

    private static List<Room> places(List<Room> rooms, int count, Fit fit, PlacementRule rule) {
        Spread spread = new Spread(rule);
        List<Room> places = new ArrayList<>();
        for (Room room : rooms) {
            int times = spread.take(room.node, Math.min(fit.of(room), count - places.size()));
            places.addAll(Collections.nCopies(times, room));
        }
        return places;
    }

    /**
     * Where there may be room for a workload, or one of its gang, once others have been suspended or what is being suspended has gone.
     *
     * @param nodes on which there may be
     * @param scope in which it may be
     */
    Collection<Room> holders(Workload preemptor, Collection<Node> nodes, Scope scope) {
        Resources needs = preemptor.needs();
        List<Room> rooms = new ArrayList<>();
        for (Room room : touched) {
            if (scope.has(room.node) && mayBeMade(room, needs, preemptor.standing)) {
                rooms.add(room);
            }
        }
        for (Node node : nodes) {
            Room room = of(node);
            if (!room.isTouched && scope.has(node) && mayBeMade(room, needs, preemptor.standing)) {
                rooms.add(room);
            }
        }
        return rooms;
    }

    /** Whether so much could be free for somebody of that standing, were everybody gone who may have to; there may still be less. */
    private static boolean mayBeMade(Room room, Resources needs, Tier standing) {
        Space expected = room.expected();
        long cores = needs.milliCores() - expected.milliCores;
        long memory = needs.memoryMiB() - expected.memoryMiB;
        long devices = needs.milliDevices() - expected.milliDevices();
        for (Tier tier : TIERS) {
            if (tier == standing || standing.mayTakeRoomOf(tier)) {
                Resources held = room.node.held(tier);
                cores -= held.milliCores();
                memory -= held.memoryMiB();
                devices -= held.milliDevices();
            }
        }
        return cores <= 0 && memory <= 0 && devices <= 0;
    }

    /* ---- Going back ---- */

    /** What is planned of all rooms but who starts there. */
    record Mark(Map<Room, Room.Plan> plans) {}

    Mark mark() {
        Map<Room, Room.Plan> plans = new HashMap<>();
        touched.forEach(room -> plans.put(room, room.plan()));
        return new Mark(plans);
    }

    void goBackTo(Mark mark) {
        touched.forEach(room -> room.goBackTo(mark.plans.get(room)));
    }
}
