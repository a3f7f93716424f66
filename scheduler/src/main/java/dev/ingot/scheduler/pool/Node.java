package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node in the core's state. Confined to the core's writer. */
final class Node {
    private static final Comparator<Workload> FIRST_COME = Comparator.comparingLong(workload -> workload.number);

    final String name;
    String incarnation = "";
    private Resources capacity = Resources.NONE;
    /** Of which kinds its devices are. */
    private NodeDevices devices = NodeDevices.UNNAMED;
    /** All that it has. */
    private Space whole = Space.NONE;

    Location location = Location.NOWHERE;
    /** What its accelerators are; empty where that is not known. */
    String equipment = "";

    boolean alive;
    boolean cordoned;
    boolean draining;
    /** Whether it wants to end; until it joins again. */
    boolean leaving;

    final NodeHealth health;
    /** What those placed here need. */
    Space taken = Space.NONE;
    /** Taken by nobody. */
    private Space free = Space.NONE;
    /** Of that, what those that are being suspended or ended need. */
    Space releasing = Space.NONE;

    private final List<Workload> placed = new ArrayList<>();
    /** Those placed here, in the order of their submission. */
    final List<Workload> workloads = Collections.unmodifiableList(placed);

    /** Those that stood still here when it was lost, in the order of their submission; they may have gone on elsewhere. */
    private List<Workload> stranded = new ArrayList<>();

    /** In an order of nodes that has nothing to do with what they are called. */
    final int scatter;
    /** What of {@link #taken} is not {@link #releasing}, by standing. */
    private final Map<Tier, Resources> held = new EnumMap<>(Tier.class);
    /** How many of these are beyond what their gangs need, by standing. */
    private final Map<Tier, Integer> lent = new EnumMap<>(Tier.class);

    Node(String name) {
        this(name, scattered(name));
    }

    private Node(String name, int scatter) {
        this.name = name;
        this.scatter = scatter;
        this.health = new NodeHealth(HealthSnapshot.GOOD);
    }

    /** No node, but where one would be in the order by {@link #scatter}. */
    static Node at(int scatter) {
        return new Node("", scatter);
    }

    private static int scattered(String name) {
        // Fibonacci hashing: names that differ in their last digit are far apart.
        int hash = name.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    Node(NodeSnapshot snapshot) {
        name = snapshot.name();
        scatter = scattered(name);
        incarnation = snapshot.incarnation();
        setCapacity(snapshot.capacity(), snapshot.devices());
        location = snapshot.location();
        equipment = snapshot.equipment();
        alive = snapshot.alive();
        cordoned = snapshot.cordoned();
        draining = snapshot.draining();
        leaving = snapshot.leaving();
        health = new NodeHealth(snapshot.health());
    }

    NodeSnapshot snapshot() {
        return new NodeSnapshot(
                name,
                incarnation,
                capacity,
                devices,
                location,
                equipment,
                alive,
                cordoned,
                draining,
                leaving,
                health.snapshot());
    }

    void place(Workload workload) {
        placed.add(-1 - placeOf(workload), workload);
        taken = taken.plus(workload.piece);
        free = free.minus(workload.piece);
        count(workload, workload.standing, workload.state.isLeaving(), true);
    }

    void remove(Workload workload, boolean wasLeaving) {
        placed.remove(placeOf(workload));
        taken = taken.minus(workload.piece);
        free = free.plus(workload.piece);
        count(workload, workload.standing, wasLeaving, false);
    }

    void strand(Workload workload) {
        stranded.add(workload);
    }

    /** Those that were stranded here, of which it knows no more from now on. */
    List<Workload> takeStranded() {
        List<Workload> taken = stranded;
        stranded = new ArrayList<>();
        return taken;
    }

    /** Where it stands among those placed here; {@code -1 - i} if it does not, but would at {@code i}. */
    private int placeOf(Workload workload) {
        return Collections.binarySearch(placed, workload, FIRST_COME);
    }

    /** A workload placed here begins to leave, or is to stay after all. */
    void setLeaving(Workload workload, boolean leaves) {
        count(workload, workload.standing, !leaves, false);
        count(workload, workload.standing, leaves, true);
    }

    /** A workload placed here has another standing now. */
    void setStanding(Workload workload, Tier before) {
        if (!workload.state.isLeaving()) {
            count(workload, before, false, false);
            count(workload, workload.standing, false, true);
        }
    }

    private void count(Workload workload, Tier standing, boolean leaves, boolean comes) {
        if (leaves) {
            releasing = comes ? releasing.plus(workload.piece) : releasing.minus(workload.piece);
            return;
        }
        Resources needs = workload.needs();
        held.merge(standing, comes ? needs : Resources.NONE.minus(needs), Resources::plus);
        if (workload.beyond != null) {
            lent.merge(standing, comes ? 1 : -1, Integer::sum);
        }
    }

    /** What those of a standing hold here that are to stay. */
    Resources held(Tier standing) {
        return held.getOrDefault(standing, Resources.NONE);
    }

    boolean holds(Tier standing) {
        return !held(standing).equals(Resources.NONE);
    }

    /** Whether there is a copy of that standing that its gang could do without. */
    boolean lends(Tier standing) {
        return lent.getOrDefault(standing, 0) > 0;
    }

    /** What it is in, itself for {@link Level#NODE}; null if it is in none. Different ones are told apart. */
    @Nullable String domain(Level level) {
        // No path begins with a slash.
        return level == Level.NODE ? "/" + name : location.domain(level);
    }

    Resources capacity() {
        return capacity;
    }

    NodeDevices devices() {
        return devices;
    }

    /** All that it has, taken or not. */
    Space whole() {
        return whole;
    }

    void setCapacity(Resources capacity, NodeDevices devices) {
        this.capacity = capacity;
        this.devices = devices;
        whole = Space.of(capacity, devices);
        free = whole.minus(taken);
    }

    /** Taken by nobody. */
    Space free() {
        return free;
    }

    /** What will be free once everything that is being suspended or ended has gone. */
    Space expected() {
        return free.plus(releasing);
    }

    boolean isOnProbation() {
        return health.state() == HealthState.PROBATION;
    }

    boolean takesWorkloads() {
        return mostNew() > 0;
    }

    /** How many more workloads it may take, whatever they need. */
    int mostNew() {
        return alive && !cordoned && !leaving ? health.mayTake(placed.size()) : 0;
    }
}
