package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that the pool holds, and the few ways in which a workload's state changes. Confined to the core's writer.
 */
final class Registry {
    final Tenants tenants = new Tenants();
    final Shares shares;
    final Limits limits;
    private final Policy policy;
    private MoveCosts costs = new MoveCosts();

    private final Map<String, Node> nodes = new TreeMap<>();
    /** The same: asked for by name far more often than gone through in order. */
    private final Map<String, Node> nodesByName = new HashMap<>();

    private final Map<String, Workload> workloads = new HashMap<>();
    private final NavigableMap<Long, Workload> byNumber = new TreeMap<>();
    /** Those that have ended, the first to end first. */
    private final TreeSet<Workload> ended =
            new TreeSet<>(Comparator.<Workload>comparingLong(workload -> workload.stateSince)
                    .thenComparing(workload -> workload.number));

    private final List<String> forgotten = new ArrayList<>();
    private final EventLog events = new EventLog();
    private final Map<String, String> idsByKey = new HashMap<>();
    private final Queue queue = new Queue();
    private final GangList gangs = new GangList();
    private final NodeIndex index = new NodeIndex();
    private final Spared spared = new Spared();
    private final Rising rising = new Rising();
    private final Mix mix = new Mix();
    final Guarantee guarantee;
    final Levels levels;

    private final Set<String> changedNodes = new TreeSet<>();
    /** Of which other copies may run than the nodes know. */
    private final Set<Gang> regrouped = new LinkedHashSet<>();

    private final Set<Workload> prepared = new TreeSet<>(Comparator.comparingLong(workload -> workload.number));
    private long submissions;
    private long changes;
    private long openings;

    Registry(Policy policy) {
        this.policy = policy;
        this.shares = new Shares(policy.usageHalfLifeMillis());
        this.limits = new Limits(shares, tenants);
        this.levels = new Levels(policy);
        this.guarantee = new Guarantee(shares);
    }

    /* ---- Who is there ---- */

    /** By name. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    /** In the order of their submission. */
    Collection<Workload> workloads() {
        return byNumber.values();
    }

    GangList gangs() {
        return gangs;
    }

    NodeIndex index() {
        return index;
    }

    /** What workloads usually need. */
    Mix mix() {
        return mix;
    }

    /** Those that refused to be suspended. */
    Spared spared() {
        return spared;
    }

    /** Those that run, but not on the fastest of their alternatives. */
    Rising rising() {
        return rising;
    }

    /** Those submitted after the one of that number, in the order of their submission. */
    Collection<Workload> workloadsAfter(long number) {
        return byNumber.tailMap(number, false).values();
    }

    Queue queue() {
        return queue;
    }

    @Nullable Workload workload(String id) {
        return workloads.get(id);
    }

    @Nullable Node findNode(String name) {
        return nodesByName.get(name);
    }

    Node addNode(String name) {
        Node known = nodesByName.get(name);
        return known == null ? add(new Node(name)) : known;
    }

    private Node add(Node node) {
        nodes.put(node.name, node);
        nodesByName.put(node.name, node);
        return node;
    }

    /** What moves cost in this pool. */
    MoveCosts costs() {
        return costs;
    }

    /** How long a workload runs before it is preempted by anything but Premium, so that moves cost a small part of what it runs. */
    long minimumRun(Workload workload) {
        return Math.max(ownMinimum(workload), policy.runPerMove() * costs.move(workload));
    }

    private long ownMinimum(Workload workload) {
        return Math.max(policy.minimumRunMillis(), workload.spec.minimumRunMillis());
    }

    /** Until when a workload that asked for a minimum run has it, with those that stop with it; 0 where it did not ask, or does not run. */
    long runsUntil(Workload workload) {
        long until = 0;
        for (Workload each : workload.spec.minimumRunMillis() == 0 ? List.<Workload>of() : workload.together()) {
            if (each.state == WorkloadState.RUNNING) {
                until = Math.max(until, each.runningSince + minimumRun(each));
            }
        }
        return until;
    }

    /** When a workload that has just changed its state may move up to the first of its alternatives for which that pays. */
    private long upAt(long now, Workload workload) {
        boolean mayEver = workload.state == WorkloadState.RUNNING && workload.gang == null && workload.beyond == null;
        long soonest = mayEver ? upSoonest(workload) : Long.MAX_VALUE;
        return soonest == Long.MAX_VALUE ? Workload.NEVER : now + soonest;
    }

    /** Whether a workload that may move up may do so to one of its alternatives: to a slower one it pays later than to a faster one. */
    boolean mayMoveUp(long now, Workload workload, int choice) {
        return isFaster(workload, choice) && workload.upAt - upSoonest(workload) + upAfter(workload, choice) <= now;
    }

    private long upSoonest(Workload workload) {
        long soonest = Long.MAX_VALUE;
        for (int faster = 0; faster < workload.choice(); faster++) {
            if (isFaster(workload, faster)) {
                soonest = Math.min(soonest, upAfter(workload, faster));
            }
        }
        return soonest;
    }

    /** Whether a workload would be faster with another one of its alternatives. */
    private static boolean isFaster(Workload workload, int choice) {
        List<Alternative> alternatives = workload.spec.alternatives();
        return alternatives.get(choice).speed()
                > alternatives.get(workload.choice()).speed();
    }

    /**
     * How long a workload runs before it may move up to a faster one of its alternatives: so long that, if it runs as long again, that one saves as
     * many times what the move costs as a workload runs at least for each move. Who has crashed on a faster one runs well before, and twice as long
     * each time that it has.
     */
    private long upAfter(Workload workload, int faster) {
        List<Alternative> alternatives = workload.spec.alternatives();
        long speed = alternatives.get(faster).speed();
        long gained = speed - alternatives.get(workload.choice()).speed();
        long pays = policy.runPerMove() * costs.move(workload) * speed / gained;
        long least = workload.setbacks == 0 ? policy.minimumRunMillis() : policy.steadyMillis();
        return Math.max(least, pays) << workload.setbacks;
    }

    /** How long a workload runs before it is another tenant's turn. */
    long turn(Workload workload) {
        return Math.max(
                Math.max(policy.turnMillis(), ownMinimum(workload)), policy.runPerTurn() * costs.move(workload));
    }

    /** Whether anybody has a place that who stands so may ever have to go for. */
    boolean hasAnyToTakeRoomOf(Tier standing) {
        for (Tier tier : Tier.values()) {
            boolean found = standing.mayTakeRoomOf(tier)
                    ? index.isHeld(tier)
                    : tier == standing && (index.isLent(tier) || (levels.areUsed() && index.isHeld(tier)));
            if (found) {
                return true;
            }
        }
        return false;
    }

    /** A node has come or gone, or takes workloads where it did not, or does not where it did. */
    void nodeChanged(long now, Node node) {
        changes++;
        openings++;
        refile(node);
        shares.setCapacity(index.capacity(), now);
    }

    /** Ended workloads that were forgotten since this was asked last. */
    List<String> takeForgotten() {
        List<String> taken = List.copyOf(forgotten);
        forgotten.clear();
        return taken;
    }

    /** Forgets those that ended first, so that what is kept does not grow for ever. */
    private void forgetSurplus() {
        while (ended.size() > policy.mostEnded()) {
            Workload first = ended.first();
            ended.remove(first);
            workloads.remove(first.id);
            byNumber.remove(first.number);
            idsByKey.remove(first.key, first.id);
            forgotten.add(first.id);
        }
    }

    /** The workload that was submitted with this key. */
    @Nullable String idOf(String key) {
        return idsByKey.get(key);
    }

    /** Adds a workload, or all members of a gang; the first of them. */
    Workload add(long now, String key, WorkloadSpec spec) {
        mix.add(spec.needs(), spec.gang());
        String id = spec.name() + "-" + (submissions + 1);
        if (spec.gang() == 1) {
            return add(now, key, id, spec, null, false, 0);
        }
        Gang gang = new Gang(id);
        Workload first = add(now, key, id, spec.member(0), gang, false, 0);
        for (int index = 1; index < spec.gang(); index++) {
            add(now, key, WorkloadView.memberId(id, index), spec.member(index), gang, index >= spec.least(), index);
        }
        gangs.stir(gang);
        return first;
    }

    private Workload add(
            long now, String key, String id, WorkloadSpec spec, @Nullable Gang gang, boolean beyond, int index) {
        submissions++;
        shares.know(spec.tenant());
        Workload workload = new Workload(
                id, submissions, key, spec, gang, beyond, index, now, new Service(policy.serviceHalfLifeMillis(), now));
        workload.queuedAt = now;
        workload.stateSince = now;
        workload.service.become(workload.state, now);
        guarantee.update(now, workload);
        note(now, workload, "submitted");
        put(workload);
        return workload;
    }

    private void put(Workload workload) {
        workloads.put(workload.id, workload);
        byNumber.put(workload.number, workload);
        if (workload.index == 0) {
            idsByKey.put(workload.key, workload.id);
        }
        file(workload);
    }

    PoolSnapshot snapshot(long now, boolean closed) {
        return new PoolSnapshot(
                now,
                submissions,
                costs.measuredMillis(),
                costs.measuredMiB(),
                closed,
                nodes.values().stream().map(Node::snapshot).toList(),
                tenants.reservations(),
                limits.snapshot(),
                shares.snapshot(),
                mix.snapshot(),
                byNumber.values().stream()
                        .map(workload -> workload.snapshot(now))
                        .toList(),
                events.last(),
                events.all());
    }

    /** Fills this one, which must be empty. */
    void restore(PoolSnapshot snapshot) {
        submissions = snapshot.submissions();
        snapshot.nodes().forEach(node -> add(new Node(node)));
        nodes.values().forEach(index::refile);
        snapshot.reservations().forEach(tenants::reserve);
        limits.restore(snapshot.limits());
        costs = new MoveCosts(snapshot.movedMillis(), snapshot.movedMiB());
        shares.restore(index.capacity(), snapshot.usages());
        mix.restore(snapshot.mix());
        events.restore(snapshot.lastEvent(), snapshot.events());
        Map<String, Gang> restored = new HashMap<>();
        for (WorkloadSnapshot each : snapshot.workloads()) {
            MemberSnapshot member = each.member();
            Gang gang = member == null ? null : restored.computeIfAbsent(member.gang(), Gang::new);
            Workload workload = new Workload(each, gang, new Service(policy.serviceHalfLifeMillis(), each.service()));
            if (workload.state == WorkloadState.QUEUED) {
                levels.update(workload, snapshot.at());
            }
            put(workload);
            if (workload.state.isEnded()) {
                ended.add(workload);
            }
            setPreparation(workload, workload.preparation);
            if (workload.stranded != null) {
                node(workload.stranded.node()).strand(workload);
            }
            if (workload.node != null) {
                if (workload.piece.devices().isEmpty()) {
                    // Earlier versions did not say on which devices it is.
                    workload.piece = node(workload.node).free().piece(workload.needs());
                }
                place(workload, workload.node);
                shares.placeRestored(workload);
                // Nobody has been told yet.
                changed(workload);
            }
            spared.put(workload);
            rising.put(workload);
        }
        restored.values().forEach(gangs::stir);
        restored.values().forEach(gangs::calm);
    }

    private void place(Workload workload, String name) {
        Node node = node(name);
        node.place(workload);
        refile(node);
    }

    /* ---- Changes ---- */

    void start(long now, Workload workload, int choice, String node, Space piece) {
        workload.choose(choice);
        workload.epoch = nextEpoch(workload, node, choice);
        setPreparation(workload, null);
        workload.attempt = 0;
        workload.node = node;
        workload.piece = piece;
        workload.startImage = workload.image;
        workload.base = workload.image == null ? List.of() : workload.imageOutput;
        workload.claim = null;
        workload.pending = null;
        // Another process may be willing.
        workload.spareUntil = 0;
        place(workload, node);
        limits.accrue(now, workload.spec.tenant());
        shares.place(workload, now);
        String from = workload.image == null ? "begins" : "goes on from its image";
        String with = workload.spec.namesAccelerators()
                ? " with " + workload.spec.alternatives().get(choice).text()
                : "";
        to(now, workload, WorkloadState.STARTING, from + " on " + node + with);
    }

    /** Places the workloads that are stranded on a node where they were, in the same epoch. */
    void takeBack(long now, Node node) {
        for (Workload workload : node.takeStranded()) {
            Stranded stranded = workload.stranded;
            if (stranded != null && stranded.isOn(node.name, node.incarnation)) {
                giveUpPreparation(workload);
                workload.node = node.name;
                workload.choose(stranded.choice());
                workload.piece = Space.of(workload.needs(), stranded.devices());
                workload.claim = null;
                place(workload, node.name);
                limits.accrue(now, workload.spec.tenant());
                shares.place(workload, now);
                WorkloadState next = stranded.ran() ? WorkloadState.RUNNING : WorkloadState.STARTING;
                to(now, workload, next, "goes on where it stood still, since node " + node.name + " is heard again");
            }
        }
    }

    private static long nextEpoch(Workload workload, String node, int choice) {
        Preparation preparation = workload.preparation;
        if (preparation != null && preparation.isFor(node, choice)) {
            return preparation.epoch();
        }
        workload.lastEpoch++;
        return workload.lastEpoch;
    }

    /** Those that nodes are being got ready for. */
    Collection<Workload> prepared() {
        return prepared;
    }

    /** Has the node on which a workload has a claim get ready for it. */
    void prepare(long now, Workload workload, Claim claim, long until) {
        workload.lastEpoch++;
        setPreparation(workload, new Preparation(claim.node(), claim.choice(), workload.lastEpoch, until, null));
        changed(workload);
        note(now, workload, "is to move to " + claim.node() + ", which gets ready for it");
    }

    private void setPreparation(Workload workload, @Nullable Preparation preparation) {
        for (Preparation each : Arrays.asList(workload.preparation, preparation)) {
            if (each != null) {
                changedNodes.add(each.node());
            }
        }
        workload.preparation = preparation;
        if (preparation == null) {
            prepared.remove(workload);
        } else {
            prepared.add(workload);
        }
    }

    /** There is the image that the node which gets ready for a workload is to read. */
    void prepareFrom(Workload workload, ImageReference base) {
        Preparation preparation = workload.preparation;
        if (preparation != null && preparation.base() == null) {
            setPreparation(workload, preparation.from(base));
            changed(workload);
        }
    }

    /** No node has to be ready for a workload. */
    void giveUpPreparation(Workload workload) {
        if (workload.preparation != null) {
            setPreparation(workload, null);
        }
    }

    void beginSuspend(long now, Workload workload, Intent intent, String reason) {
        if (intent != Intent.MIGRATE) {
            giveUpPreparation(workload);
        }
        workload.intent = intent;
        workload.attempt++;
        workload.problem = null;
        to(now, workload, WorkloadState.SUSPENDING, reason);
    }

    private Node node(String name) {
        Node node = nodesByName.get(name);
        if (node == null) {
            throw new IllegalStateException("the plan names node " + name + ", which is not there");
        }
        return node;
    }

    /** A workload that is being suspended is ended as it is instead. */
    void endInstead(Workload workload) {
        workload.intent = Intent.GO_BACK;
        changed(workload);
    }

    void changed(Workload workload) {
        if (workload.node != null) {
            changedNodes.add(workload.node);
        }
    }

    void setClaim(Workload workload, @Nullable Claim claim) {
        openings++;
        Preparation preparation = workload.preparation;
        if (preparation != null && (claim == null || !preparation.isFor(claim.node(), claim.choice()))) {
            giveUpPreparation(workload);
        }
        workload.claim = claim;
        file(workload);
    }

    /** Those who wait and to whom nothing is promised, first those who are placed first. */
    Line line(long now) {
        return new Line(queue.kinds(), shares, queue.promises(), now);
    }

    /** All who wait, first those who are placed first. */
    List<Workload> everybodyInLine(long now) {
        return new Line(queue.allKinds(), shares, new Promises(), now).all();
    }

    /** Only those that wait for the same as one of them does, and those for whom room is kept. */
    Line line(long now, Workload like) {
        return new Line(queue.kindsBeside(like), shares, queue.promises(), now);
    }

    /** Gives every Premium workload its standing anew. */
    void updateStandings(long now) {
        tenants.updateStandings((workload, standing) -> {
            workload.together().forEach(each -> setStanding(now, each, standing));
            if (queue.contains(workload)) {
                queue.put(workload);
            }
        });
    }

    /** Has those begin anew that have waited for long. */
    void forgetOldService(long now) {
        for (Workload workload : levels.due(now)) {
            workload.together().forEach(each -> {
                each.service.forget();
                levels.update(each, now);
            });
            openings++;
            if (queue.contains(workload)) {
                queue.put(workload);
            }
        }
    }

    private void setStanding(long now, Workload workload, Tier standing) {
        openings++;
        Tier before = workload.standing;
        workload.standing = standing;
        guarantee.update(now, workload);
        if (workload.node != null) {
            Node node = node(workload.node);
            node.setStanding(workload, before);
            refile(node);
        }
        rising.put(workload);
    }

    /** What somebody may have has changed. */
    void limitsChanged() {
        changes++;
        openings++;
    }

    /** How often anything has changed that could let somebody start for whom there was no room before. */
    long openings() {
        return openings;
    }

    /** How often anything has changed that decisions depend on. */
    long changes() {
        return changes;
    }

    private void refile(Node node) {
        index.refile(node);
        queue.promises().nodeChanged(node.name);
    }

    /** It is known better where a workload could go on from its images. */
    void foreseen(Workload workload) {
        if (workload.state == WorkloadState.QUEUED) {
            file(workload);
        }
    }

    private void file(Workload workload) {
        changes++;
        if (workload.gang != null) {
            if (workload.state.isEnded()) {
                tenants.file(workload);
                queue.remove(workload);
            }
            fileForAll(workload.gang.leader());
        } else {
            fileForAll(workload);
        }
    }

    /** The queue and the tenants know of a gang by its leader. */
    private void fileForAll(Workload workload) {
        tenants.file(workload);
        if (workload.state == WorkloadState.QUEUED || workload.claim != null) {
            queue.put(workload);
        } else {
            queue.remove(workload);
        }
    }

    void note(long now, Workload workload, String reason) {
        workload.note(now, reason);
        events.note(now, workload, reason);
    }

    EventLog events() {
        return events;
    }

    /** Whether others may get room by it. What a workload that has just begun to run gives up after a while, it gives up by time alone. */
    private boolean isOpening(Workload workload, WorkloadState next) {
        return switch (next) {
            case STARTING -> false;
            case RUNNING ->
                workload.state != WorkloadState.STARTING
                        || (workload.gang != null && !workload.gang.beyond().isEmpty())
                        || (workload.standing != Tier.PREMIUM && queue.hasPremiumWithoutRoom());
            case QUEUED, SUSPENDING, HELD, CANCELLING, DONE, FAILED, CANCELLED -> true;
        };
    }

    /** Every change of a workload's state. */
    void to(long now, Workload workload, WorkloadState next, String reason) {
        if (!workload.state.mayBecome(next)) {
            throw new IllegalStateException(
                    workload.id + " cannot go from " + workload.state + " to " + next + " (" + reason + ")");
        }
        boolean wasLeaving = workload.state.isLeaving();
        // Who goes on where it was, be it that it could not be suspended or that its node is heard again, has run since
        // before.
        boolean begins = next == WorkloadState.STARTING
                || (next == WorkloadState.RUNNING && workload.state == WorkloadState.STARTING);
        openings += isOpening(workload, next) ? 1 : 0;
        if (workload.state.isEnded()) {
            ended.remove(workload);
        }
        workload.state = next;
        workload.stranded = null;
        workload.stateSince = now;
        workload.service.become(next, now);
        guarantee.update(now, workload);
        note(now, workload, reason);
        changed(workload);
        if (!next.isPlaced() && workload.node != null) {
            Node node = node(workload.node);
            node.remove(workload, wasLeaving);
            refile(node);
            limits.accrue(now, workload.spec.tenant());
            shares.remove(workload, now);
            workload.node = null;
            workload.piece = Space.NONE;
            workload.choose(0);
        } else if (workload.node != null && next.isLeaving() != wasLeaving) {
            Node node = node(workload.node);
            node.setLeaving(workload, next.isLeaving());
            refile(node);
        }
        if (next == WorkloadState.HELD || next == WorkloadState.CANCELLING || next.isEnded()) {
            giveUpPreparation(workload);
        }
        if (next.isEnded()) {
            ended.add(workload);
            forgetSurplus();
        }
        workload.runningSince = begins ? now : workload.runningSince;
        if (next == WorkloadState.QUEUED) {
            workload.queuedAt = now;
        } else if (next != WorkloadState.RUNNING && next != WorkloadState.SUSPENDING) {
            workload.claim = null;
        }
        if (next == WorkloadState.QUEUED) {
            levels.update(workload, now);
        } else {
            levels.remove(workload);
        }
        spared.put(workload);
        rising.set(workload, upAt(now, workload));
        Gang gang = workload.gang == null ? workload.beyond : workload.gang;
        if (gang != null) {
            gang.membersChanged();
            regrouped.add(gang);
            gangs.stir(gang);
        }
        file(workload);
    }

    /** The nodes whose orders may have changed since this was asked last. */
    Set<String> takeChangedNodes() {
        for (Gang gang : regrouped) {
            if (gang.takeRegrouped()) {
                gang.everyMember().forEach(this::changed);
                gang.beyond().forEach(this::changed);
            }
        }
        regrouped.clear();
        Set<String> taken = new TreeSet<>(changedNodes);
        changedNodes.clear();
        return taken;
    }
}
