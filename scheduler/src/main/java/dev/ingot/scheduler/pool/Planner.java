package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one plan: who starts where, and who makes room for it.
 *
 * <h2>Overview</h2>
 *
 * Everybody who waits is looked at once, in the order of rank, against what those in front have left. Whoever fits starts, on the
 * node where least remains. Whoever does not may have weaker tiers make room, and then holds a claim on that room: a plan never
 * has anybody suspended without a claim that the suspension completes, and what is already being suspended counts first. Claims of
 * lower rank do not stand in the way; when their turn comes and their room is gone, they are dropped. The first in line who fits
 * nowhere and has waited long enough claims a node without anybody being suspended, so that smaller ones behind cannot pass for
 * ever.
 *
 * <h2>Turns</h2>
 *
 * Tenants of the same standing take room from each other in two cases. Who would not hold more afterwards than the other one does then
 * may take it: that only makes their shares more alike, so it ends. And who holds nothing, and has had markedly less lately than the other
 * one, may take it where nothing can be divided: then they run by turns, each as long as it takes its usage to grow as much ahead.
 */
final class Planner {
    /** Of more that could move up, so many are looked at, others in each plan. */
    private static final int MOST_RISING = 128;

    private static final long MINUTE_MILLIS = 60_000;

    private final Rooms rooms;
    private final Prey prey;

    private final List<Step> steps = new ArrayList<>();
    private final Registry registry;
    private final Policy policy;
    private final long now;
    private final Set<Workload> chosen = new HashSet<>();
    /** What tenants will hold once all that has been planned is done. */
    private final Map<String, Resources> held = new HashMap<>();
    /** What tenants get at once by this plan; only where there are limits. */
    private final Map<String, Resources> started = new HashMap<>();
    /** What tenants hold that will be free, though nothing of this plan is done; null before somebody has asked. */
    private @Nullable Map<String, Resources> leaving;

    private final Search search;
    private boolean nodeKeptForFirst;
    /** As which of its alternatives the one that was placed last has, or will have, its place. */
    private int placedAs;
    /** Those for whom room was made, which they have, or still will have. */
    private final Set<Workload> settled = new HashSet<>();

    private final GangPlanner gangs = new GangPlanner(this);
    /** For whom no room was found, by tenant; who needs as much and stands no better need not be looked at. */
    private final Map<String, List<Failure>> failed = new HashMap<>();
    /** What suspending workloads would cost, as far as that was asked. */
    private final Map<Workload, Long> costs = new HashMap<>();

    private final Map<String, Double> histories = new HashMap<>();
    /** Decides at which of many nodes, or domains, is begun. */
    private final int start;

    private final Scope anywhere;
    /** Where copies beyond what their gangs need are to be by this plan. */
    private final Map<Gang, Map<Workload, Node>> joining = new HashMap<>();

    /** For whom no room was found, as one of its alternatives. */
    private record Failure(Workload workload, Resources needs, Prospects prospects) {}

    /** @param search for whom room may be made by suspending others */
    Planner(Registry registry, Policy policy, Search search, long now) {
        this.search = search;
        this.registry = registry;
        this.policy = policy;
        this.now = now;
        this.rooms = new Rooms(registry, policy.placement());
        // Other nodes each time, the same ones again when a journal is read.
        this.start = Long.hashCode(now * 0x9E3779B97F4A7C15L);
        this.anywhere = new Scope(registry.index().whole());
        this.prey = new Prey(registry.index(), start, this::mayBeOthersTurn);
    }

    List<Step> plan(Line line) {
        for (Tier standing : Tier.values()) {
            settleClaims(standing, line);
            for (Workload workload = line.next(standing); workload != null; workload = line.next(standing)) {
                if (settled.contains(workload)) {
                    continue;
                }
                if (workload.state == WorkloadState.QUEUED) {
                    if (place(workload)) {
                        line.give(workload.demand(placedAs));
                    } else {
                        line.skipAlike();
                    }
                } else if (!stillExpected(workload)) {
                    steps.add(new Step.Drop(workload));
                }
            }
        }
        return steps;
    }

    /** The same; then who runs, but not as fast as it could, gets what is faster and left over by all who wait. */
    List<Step> planAndMoveUp(Line line) {
        plan(line);
        moveUp();
        return steps;
    }

    /**
     * Room that was made for somebody is nobody else's of the same standing, wherever in the line they are: those who made it did so for one. What
     * was promised on nodes that are as they were, and that this plan has not come across, stands without being looked at.
     */
    private void settleClaims(Tier standing, Line line) {
        Promises promises = registry.queue().promises();
        // Where tenants have limits, who has to leave before a promise can be kept may be elsewhere.
        Set<String> nodes = new HashSet<>(registry.limits.areNone() ? promises.changedNodes() : promises.nodes());
        nodes.addAll(rooms.promisedOn());
        List<Workload> claimants = new ArrayList<>();
        for (Workload workload : registry.queue().claimants(standing)) {
            if (workload.beyond == null) {
                claimants.add(workload);
                nodes.addAll(registry.queue().nodesKeptFor(workload));
            }
        }
        nodes.forEach(node -> claimants.addAll(promises.at(node, standing)));
        claimants.sort(Comparator.comparingLong(workload -> workload.number));
        for (Workload workload : claimants) {
            boolean comes = workload.state == WorkloadState.QUEUED
                    ? (workload.gang == null ? useClaim(workload) : gangs.useClaims(workload.together()))
                    : isMoving(workload) && stillExpected(workload);
            if (comes) {
                settled.add(workload);
            } else if (promises.isMadeTo(workload)) {
                line.add(workload);
            }
        }
        rooms.settle(standing);
    }

    /** It was told to leave a place where it could have stayed, or will be once another node is ready. */
    private static boolean isMoving(Workload workload) {
        boolean leaves = workload.state == WorkloadState.SUSPENDING && workload.intent == Intent.MIGRATE;
        return (leaves || workload.preparation != null)
                && workload.gang == null
                && workload.claim != null
                && workload.claim.certain();
    }

    private boolean useClaim(Workload workload) {
        if (workload.claim == null || !workload.claim.certain()) {
            return false;
        }
        return with(workload, workload.claim.choice(), () -> {
            Room room = claimed(workload);
            if (!mayHave(workload)) {
                return false;
            }
            if (room != null && room.fitsNow(workload.needs()) && mayHaveNow(workload)) {
                start(workload, room);
                return true;
            }
            return stillExpected(workload);
        });
    }

    /** Returns whether it has, or will have, a place. */
    private boolean place(Workload workload) {
        if (workload.gang != null) {
            return gangs.place(workload);
        }
        if (workload.beyond != null && !workload.beyond.isUp()) {
            drop(workload);
            return false;
        }
        if (useClaim(workload)) {
            return true;
        }
        boolean found = workload.notBefore <= now
                && (withAny(workload, () -> findRoom(workload)) || withAny(workload, () -> keepNodeForFirst(workload)));
        if (found) {
            return true;
        }
        drop(workload);
        return false;
    }

    private boolean findRoom(Workload workload) {
        if (hasFailed(workload)) {
            return false;
        }
        Spot elsewhere = workload.failedOn == null ? null : bestFor(workload, workload.failedOn);
        Spot spot = elsewhere == null ? bestFor(workload, null) : elsewhere;
        boolean admitted = mayHave(workload);
        if (spot != null && admitted && mayHaveNow(workload)) {
            start(workload, spot);
            return true;
        }
        if (spot != null ? waitAt(workload, spot.room(), admitted) : makeRoom(workload, admitted)) {
            return true;
        }
        fail(workload);
        return false;
    }

    /** Whether no room was found in this plan for somebody of the same tenant who needs no more and stands no worse. */
    boolean hasFailed(Workload workload) {
        Resources needs = workload.needs();
        for (Failure failure : failed.getOrDefault(workload.spec.tenant(), List.of())) {
            Workload other = failure.workload;
            PlacementRule rule = other.spec.placement();
            boolean easier = (rule.isNone() || (rule.equals(workload.spec.placement()) && workload.beyond == null))
                    && other.standing.compareTo(workload.standing) <= 0
                    && other.level <= workload.level
                    && other.together().size() <= workload.together().size()
                    && (failure.needs.kind() == AcceleratorKind.ANY || failure.needs.kind() == needs.kind())
                    && failure.needs.fitsIn(needs)
                    && (failure.prospects.areNone() || failure.prospects.equals(workload.prospects()));
            if (easier) {
                return true;
            }
        }
        return false;
    }

    void fail(Workload workload) {
        if (workload.beyond != null && workload.spec.placement().isOfGangs()) {
            // It looks only where its own gang is.
            return;
        }
        failed.computeIfAbsent(workload.spec.tenant(), absent -> new ArrayList<>())
                .add(new Failure(workload, workload.needs(), workload.prospects()));
    }

    void start(Workload workload, Room room) {
        start(workload, new Spot(room, room.now().piece(workload.needs())));
    }

    private void start(Workload workload, Spot spot) {
        rooms.take(spot.room(), spot.piece());
        if (!registry.limits.areNone()) {
            for (String each = workload.spec.tenant(); each != null; each = TenantPath.parent(each)) {
                started.merge(each, workload.needs(), Resources::plus);
            }
        }
        hold(workload.spec.tenant(), workload.needs());
        join(workload, spot.room().node);
        placedAs = workload.choice();
        steps.add(new Step.Start(workload, workload.choice(), spot.room().node.name, spot.piece()));
    }

    void drop(Workload workload) {
        if (workload.claim != null) {
            steps.add(new Step.Drop(workload));
        }
    }

    void keep(Workload workload, Room room, boolean certain) {
        rooms.claim(room, workload.needs());
        join(workload, room.node);
        placedAs = workload.choice();
        Claim claim = new Claim(room.node.name, certain, workload.choice());
        if (!claim.equals(workload.claim)) {
            steps.add(new Step.Keep(workload, claim));
        }
    }

    private boolean stillExpected(Workload workload) {
        Claim claim = workload.claim;
        return claim != null
                && with(workload, claim.choice(), () -> {
                    Room room = claimed(workload);
                    if (room == null || !room.expected().fits(workload.needs())) {
                        return false;
                    }
                    rooms.claim(room, workload.needs());
                    placedAs = workload.choice();
                    return true;
                });
    }

    /* ---- Limits of tenants ---- */

    /** Whether the limits of its tenant let a workload have what it needs, once all that is being suspended has left. */
    boolean mayHave(Workload workload) {
        Limits limits = registry.limits;
        return limits.areNone() || (!isRefused(workload, this::expected) && limited(workload) == null);
    }

    /** Whether they let it have that at once. */
    boolean mayHaveNow(Workload workload) {
        Limits limits = registry.limits;
        return limits.areNone()
                || (!isRefused(workload, this::present)
                        && limits.atMost(workload.spec.tenant(), workload.demand(), this::present) == null);
    }

    /** Whether it must not have anything, whatever else its tenant gives up. */
    private boolean isRefused(Workload workload, Limits.Held view) {
        return isWithoutBudget(workload) || takesWhatIsNotLent(workload, workload.demand(), view);
    }

    /** Whether a workload would take what others have reserved and do not lend; Premium takes what is its own tenant's. */
    private boolean takesWhatIsNotLent(Workload workload, Resources more, Limits.Held view) {
        return workload.standing != Tier.PREMIUM
                && registry.limits.takesWhatIsNotLent(
                        workload.spec.tenant(), more, registry.index().capacity(), view, held.keySet());
    }

    private boolean isWithoutBudget(Workload workload) {
        return !registry.limits.areNone()
                && registry.limits.withoutBudget(workload.spec.tenant(), workload.demand(), now) != null;
    }

    /** The tenant that would have to give up something first, for it holds what it may; null if there is none. */
    private @Nullable String limited(Workload workload) {
        Promises promises = registry.queue().promises();
        Resources own = promises.isMadeTo(workload) ? workload.claimed() : Resources.NONE;
        return registry.limits.atMost(
                workload.spec.tenant(),
                workload.demand(),
                tenant -> expected(tenant).plus(promises.promisedTo(tenant)).minus(own));
    }

    private boolean mayMoveUp(Workload workload) {
        if (registry.limits.areNone()) {
            return true;
        }
        Resources more = workload.needs().minus(workload.piece.total());
        Limits limits = registry.limits;
        String tenant = workload.spec.tenant();
        return limits.withoutBudget(tenant, workload.needs(), now) == null
                && limits.atMost(tenant, more, this::expected) == null
                && !takesWhatIsNotLent(workload, more, this::expected);
    }

    private boolean mayHaveInstead(Workload workload, List<Workload> victims) {
        Mark before = mark();
        victims.forEach(this::suspend);
        boolean may = mayHave(workload);
        goBackTo(before);
        return may;
    }

    /** What a tenant holds before anything that leaves has left. */
    private Resources present(String tenant) {
        return registry.shares.held(tenant).plus(started.getOrDefault(tenant, Resources.NONE));
    }

    /** What a tenant will hold when all that leaves has left. */
    private Resources expected(String tenant) {
        Map<String, Resources> known = leaving;
        if (known == null) {
            known = new HashMap<>();
            for (Node node : registry.nodes()) {
                for (Workload workload : node.workloads) {
                    if (workload.state.isLeaving()) {
                        for (String each = workload.spec.tenant(); each != null; each = TenantPath.parent(each)) {
                            known.merge(each, workload.needs(), Resources::plus);
                        }
                    }
                }
            }
            leaving = known;
        }
        return held(tenant).minus(known.getOrDefault(tenant, Resources.NONE));
    }

    /**
     * Keeps room that there is for a workload that has to wait for what others of its tenant leave.
     *
     * @param admitted whether enough of it is being left
     */
    private boolean waitAt(Workload workload, Room room, boolean admitted) {
        if (!admitted && !giveWay(workload)) {
            return false;
        }
        hold(workload.spec.tenant(), workload.needs());
        keep(workload, room, true);
        return true;
    }

    /**
     * Others are suspended, so that a workload may have what it needs: of its own tenant, or of what that is a part of, where these hold what they
     * may; of anybody where it would take what is not lent.
     */
    private boolean giveWay(Workload workload) {
        if (!maySearchFor(workload) || isWithoutBudget(workload)) {
            return false;
        }
        Turns turns = turns(workload);
        Mark before = mark();
        List<Workload> candidates = cheapestFirst(workload, turns);
        List<Workload> victims = new ArrayList<>();
        while (!mayHave(workload)) {
            Workload victim = next(candidates, limited(workload), workload, turns);
            if (victim == null) {
                goBackTo(before);
                return false;
            }
            victims.add(victim);
            suspend(victim);
        }
        List<Workload> needed = needed(victims, workload);
        goBackTo(before);
        needed.forEach(victim -> makeRoom(victim, workload));
        return true;
    }

    /** Who may be suspended so that limits let a workload have what it needs; of a gang one stands for all. */
    private List<Workload> cheapestFirst(Workload preemptor, Turns turns) {
        String within = isRefused(preemptor, this::expected) ? null : TenantPath.root(preemptor.spec.tenant());
        List<Workload> candidates = new ArrayList<>();
        Set<Gang> seen = new HashSet<>();
        for (Node node : registry.nodes()) {
            for (Workload victim : node.workloads) {
                boolean may = victim != preemptor
                        && (within == null || TenantPath.isWithin(victim.spec.tenant(), within))
                        && mayGo(victim, preemptor, turns);
                if (may && (victim.gang == null || seen.add(victim.gang))) {
                    candidates.add(victim);
                }
            }
        }
        candidates.sort(Comparator.<Workload, Tier>comparing(victim -> victim.standing, Comparator.reverseOrder())
                .thenComparingLong(this::cost)
                .thenComparing(victim -> victim.number, Comparator.reverseOrder()));
        return candidates;
    }

    /** Takes the first one that is within a tenant, if that is given, and may still go after those in front; null if there is none. */
    private @Nullable Workload next(
            List<Workload> candidates, @Nullable String within, Workload preemptor, Turns turns) {
        for (Iterator<Workload> each = candidates.iterator(); each.hasNext(); ) {
            Workload victim = each.next();
            if ((within == null || TenantPath.isWithin(victim.spec.tenant(), within))
                    && mayGo(victim, preemptor, turns)) {
                each.remove();
                return victim;
            }
        }
        return null;
    }

    /** Of those that have been suspended, without whom a workload may not have what it needs; the dearest are spared first. */
    private List<Workload> needed(List<Workload> victims, Workload workload) {
        List<Workload> needed = new ArrayList<>();
        for (int i = victims.size() - 1; i >= 0; i--) {
            Workload victim = victims.get(i);
            String tenant = victim.spec.tenant();
            // Limits are about what tenants hold, wherever that is.
            hold(tenant, victim.demand());
            if (!mayHave(workload)) {
                hold(tenant, Resources.NONE.minus(victim.demand()));
                needed.add(victim);
            }
        }
        return needed;
    }

    /**
     * Why limits do not let a workload start, and what would change that, in sentences.
     *
     * @param known which tenants may be named, with what they hold and may
     */
    List<String> refusals(Workload workload, Predicate<String> known) {
        List<String> sentences = new ArrayList<>();
        Limits limits = registry.limits;
        String tenant = workload.spec.tenant();
        String spent = limits.withoutBudget(tenant, workload.demand(), now);
        if (spent != null && !known.test(spent)) {
            sentences.add("What its tenant is a part of has used up its budget.");
        } else if (spent != null) {
            BudgetUse use = limits.use(spent, now);
            boolean ends = use != null && use.until() > 0;
            sentences.add("The budget of " + spent + " is used up. It goes on "
                    + (ends && use != null
                            ? "in " + (use.until() - now) / MINUTE_MILLIS + " min, when the budget begins anew, or "
                            : "")
                    + "when 'ingot limit " + spent + "' gives it more.");
        }
        String limited = limits.atMost(tenant, workload.demand(), this::present);
        if (limited != null && !known.test(limited)) {
            sentences.add("What its tenant is a part of holds what it may.");
        } else if (limited != null) {
            Resources most = limits.most(limited);
            sentences.add("Tenant " + limited + " holds " + registry.shares.held(limited) + " and may hold "
                    + (most == null ? "anything" : TenantLimits.text(most))
                    + ". It starts when others of it leave enough, or 'ingot limit " + limited
                    + "' lets it borrow more.");
        }
        if (takesWhatIsNotLent(workload, workload.demand(), this::present)) {
            sentences.add("What is free is reserved by tenants that do not lend it.");
        }
        return sentences;
    }

    /* ---- Alternatives ---- */

    /** Tries something as if a workload, and those that start with it, had one of their alternatives. */
    boolean with(Workload workload, int choice, BooleanSupplier attempt) {
        int before = workload.choice();
        if (choice == before) {
            return attempt.getAsBoolean();
        }
        workload.together().forEach(each -> each.choose(choice));
        try {
            return attempt.getAsBoolean();
        } finally {
            workload.together().forEach(each -> each.choose(before));
        }
    }

    /** Tries something with one alternative after the other, the fastest first, but last the one with which it crashed, until it succeeds. */
    boolean withAny(Workload workload, BooleanSupplier attempt) {
        int failed = failedAs(workload);
        for (int choice = 0; choice < workload.spec.alternatives().size(); choice++) {
            if (choice != failed && mayHave(workload, choice) && with(workload, choice, attempt)) {
                return true;
            }
        }
        return failed != Workload.NONE && mayHave(workload, failed) && with(workload, failed, attempt);
    }

    private static int failedAs(Workload workload) {
        for (Workload each : workload.together()) {
            if (each.failedAs != Workload.NONE) {
                return each.failedAs;
            }
        }
        return Workload.NONE;
    }

    /** What is beyond the least number of a gang has what the gang has, as long as any of that runs. */
    private static boolean mayHave(Workload workload, int choice) {
        return workload.beyond == null || workload.beyond.every(member -> member.choice() == choice);
    }

    private void moveUp() {
        for (List<Workload> alike : registry.rising().due(now, start, MOST_RISING)) {
            Set<Integer> failed = new HashSet<>();
            for (Workload workload : alike) {
                boolean mayMove = workload.state == WorkloadState.RUNNING
                        && workload.claim == null
                        && workload.preparation == null
                        && workload.spareUntil <= now
                        && !chosen.contains(workload);
                if (mayMove) {
                    moveUp(workload, findsWhatOthersFind(workload) ? failed : new HashSet<>());
                }
            }
        }
    }

    /** Whether what it finds beyond its own node depends neither on its image nor on how long it has run. */
    private boolean findsWhatOthersFind(Workload workload) {
        return workload.allProspects().areNone() && !(search == Search.TURNS && registry.levels.areUsed());
    }

    /** @param failed as which of its alternatives those that are alike found nothing beyond their own nodes, which are not looked for again */
    private void moveUp(Workload workload, Set<Integer> failed) {
        for (int choice = 0; choice < workload.choice(); choice++) {
            int faster = choice;
            boolean found = registry.mayMoveUp(now, workload, choice)
                    && with(workload, choice, () -> moveUp(workload, faster, failed));
            if (found) {
                return;
            }
        }
    }

    private boolean moveUp(Workload workload, int choice, Set<Integer> failed) {
        Room room = mayMoveUp(workload) ? whereItIs(workload) : null;
        if (room != null) {
            // It leaves what it has.
            rooms.release(room, workload.piece);
        } else if (!failed.contains(choice) && mayMoveUp(workload)) {
            Spot spot = bestFor(workload, workload.node);
            room = spot == null ? cleared(workload) : spot.room();
        }
        if (room == null) {
            failed.add(choice);
            return false;
        }
        rooms.claim(room, workload.needs());
        hold(workload.spec.tenant(), workload.needs().minus(workload.piece.total()));
        steps.add(new Step.MoveUp(workload, new Claim(room.node.name, true, choice)));
        return true;
    }

    /** The room of its own node, from which its image need not travel, if it can have what it needs there once it leaves what it has; else null. */
    private @Nullable Room whereItIs(Workload workload) {
        Room room = workload.node == null ? null : rooms.at(workload.node);
        boolean fits = room != null
                && scope(workload).has(room.node)
                && room.now().plus(workload.piece).fits(workload.needs());
        return fits ? room : null;
    }

    /**
     * Where others make room for one that runs, so that it can be faster; null if nowhere. Who has something slower gets its turn like who has
     * nothing, but nobody is in a hurry for that.
     */
    private @Nullable Room cleared(Workload workload) {
        if (!maySearchFor(workload)) {
            return null;
        }
        Victims victims = victims(
                workload,
                victim -> victim != workload && (search == Search.TURNS || victim.standing != workload.standing));
        if (victims == null) {
            return null;
        }
        victims.workloads().forEach(victim -> makeRoom(victim, workload));
        return victims.room();
    }

    /**
     * Room that a workload which runs could have elsewhere now, as its fastest alternative for which there is any; null if there is none.
     *
     * @param slowest the last alternative, by number, that it may have there
     */
    @Nullable Claim elsewhere(Workload workload, int slowest) {
        return room(workload, slowest, () -> {
            Spot spot = bestFor(workload, workload.node);
            return spot == null ? null : spot.room().node.name;
        });
    }

    /** The same on one node, as any alternative. */
    @Nullable Claim at(String node, Workload workload) {
        return room(workload, slowest(workload), () -> {
            Room room = rooms.at(node);
            return room != null && scope(workload).has(room.node) && room.fitsNow(workload.needs()) ? node : null;
        });
    }

    static int slowest(Workload workload) {
        return workload.spec.alternatives().size() - 1;
    }

    private @Nullable Claim room(Workload workload, int slowest, Supplier<@Nullable String> search) {
        for (int choice = 0; choice <= slowest; choice++) {
            String[] found = new String[1];
            boolean mayBe = workload.beyond == null || choice == workload.choice();
            if (mayBe && with(workload, choice, () -> (found[0] = search.get()) != null)) {
                return new Claim(found[0], true, choice);
            }
        }
        return null;
    }

    /** The room on which it has a claim, if it still may be there. */
    private @Nullable Room claimed(Workload workload) {
        Room room = workload.claim == null ? null : rooms.at(workload.claim.node());
        return room == null || !scope(workload).has(room.node) ? null : room;
    }

    /** The best place of those that have room now, of these where least is computed a second time; null if none has. */
    @Nullable Spot bestFor(Workload workload, @Nullable String except) {
        Scope allowed = scope(workload);
        Scope scope = except == null ? allowed : allowed.except(except);
        Prospects prospects = workload.prospects();
        if (prospects.areNone()) {
            return rooms.bestFor(workload.needs(), scope);
        }
        for (Predicate<Node> part : prospects.cheapestFirst()) {
            Spot spot = rooms.bestFor(workload.needs(), scope.and(part));
            if (spot != null) {
                return spot;
            }
        }
        return null;
    }

    /** Whether a workload may be on a node as any of its alternatives, whether or not there is room. */
    boolean admits(Node node, Workload workload) {
        return withAny(workload, () -> scope(workload).has(node));
    }

    /* ---- Where one may be ---- */

    private Scope scope(Workload workload) {
        Scope scope = scopeOfRule(workload);
        Prospects prospects = workload.prospects();
        return prospects.areNone() ? scope : scope.and(prospects.possible());
    }

    private Scope scopeOfRule(Workload workload) {
        PlacementRule rule = workload.spec.placement();
        if (rule.isNone()) {
            return anywhere;
        }
        Gang gang = workload.beyond;
        if (gang == null || !rule.isOfGangs()) {
            return new Scope(registry.index().within(rule.within()));
        }
        List<Node> others = others(workload, gang);
        Location location = rule.within();
        if (rule.together() != null && rule.together() != Level.NODE && !others.isEmpty()) {
            String path = others.get(0).location.domain(rule.together());
            location = path == null || location.isIn(new Location(path)) ? location : new Location(path);
        }
        return new Scope(registry.index().within(location), node -> {
            List<Node> all = new ArrayList<>(others);
            all.add(node);
            return rule.allows(all);
        });
    }

    /** Where the other copies of its gang are, or are to be. */
    private List<Node> others(Workload workload, Gang gang) {
        Map<Workload, Node> planned = joining.getOrDefault(gang, Map.of());
        List<Node> nodes = new ArrayList<>();
        for (List<Workload> copies : List.of(gang.all(), gang.beyond())) {
            for (Workload copy : copies) {
                String name = copy.node == null && copy.claim != null ? copy.claim.node() : copy.node;
                Node node = planned.getOrDefault(copy, name == null ? null : registry.findNode(name));
                if (copy != workload && node != null) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    private void join(Workload workload, Node node) {
        if (workload.beyond != null && workload.spec.placement().isOfGangs()) {
            joining.computeIfAbsent(workload.beyond, absent -> new HashMap<>()).put(workload, node);
        }
    }

    /** Of a gang that has to lie together, where it may: the regions, zones or racks. */
    Collection<Domain> domains(Level level, PlacementRule rule) {
        return registry.index().domains(level, rule.within());
    }

    /** All of the pool where a workload may be, however it is to lie beside others. */
    Domain within(PlacementRule rule) {
        return registry.index().within(rule.within());
    }

    /** At which of so many is begun: another one each time. */
    int offset(int of) {
        return Math.floorMod(start, of);
    }

    /** Whether others may be suspended for a workload. */
    boolean maySearchFor(Workload workload) {
        return search != Search.PREMIUM || workload.standing == Tier.PREMIUM;
    }

    /** Whether tenants may take turns. */
    boolean mayTakeTurns(boolean holdsNothing) {
        return search == Search.TURNS || (search == Search.WEAKER && holdsNothing);
    }

    /** @param admitted whether it may have what it needs beside all that its tenant has */
    private boolean makeRoom(Workload workload, boolean admitted) {
        if (!maySearchFor(workload) || isWithoutBudget(workload)) {
            return false;
        }
        String limited = admitted ? null : limited(workload);
        Victims best =
                victims(workload, victim -> limited == null || TenantPath.isWithin(victim.spec.tenant(), limited));
        if (best == null || (!admitted && !mayHaveInstead(workload, best.workloads()))) {
            return false;
        }
        for (Workload victim : best.workloads()) {
            makeRoom(victim, workload);
        }
        hold(workload.spec.tenant(), workload.needs());
        keep(workload, best.room(), true);
        return true;
    }

    /**
     * Whose suspension would make room for a workload, and costs least.
     *
     * @param may which of those that may be suspended it may be
     */
    private @Nullable Victims victims(Workload workload, Predicate<Workload> may) {
        Victims best = null;
        Turns turns = turns(workload);
        Scope scope = scope(workload);
        for (Room room : holders(workload, turns, scope.domain())) {
            if (!scope.admits().test(room.node)) {
                continue;
            }
            List<Workload> candidates = candidates(room, workload, turns);
            candidates.removeIf(may.negate());
            Victims victims = Victims.on(room, workload, candidates, turns, this);
            if (victims != null && (best == null || victims.compareTo(best) < 0)) {
                best = victims;
            }
        }
        return best;
    }

    /** A victim, and those that stop with it, will leave their rooms. */
    void suspend(Workload victim) {
        for (Workload each : victim.together()) {
            Room room = each.node == null ? null : rooms.at(each.node);
            if (room != null) {
                rooms.release(room, each.piece);
            }
            chosen.add(each);
        }
        hold(victim.spec.tenant(), Resources.NONE.minus(victim.demand()));
    }

    /** What a victim, and those that stop with it, leave in a room. */
    static Space freed(Room room, Workload victim) {
        if (victim.gang == null) {
            return room.node.name.equals(victim.node) ? victim.piece : Space.NONE;
        }
        Space freed = Space.NONE;
        for (Workload each : victim.together()) {
            freed = room.node.name.equals(each.node) ? freed.plus(each.piece) : freed;
        }
        return freed;
    }

    /** What a tenant will hold, with its parts, or what its {@linkplain TenantPath#own own} workloads will. */
    Resources held(String key) {
        Resources planned = held.get(key);
        return planned == null ? registry.shares.held(key) : planned;
    }

    /** A tenant will hold so much more. */
    void hold(String tenant, Resources more) {
        for (String each = tenant; each != null; each = TenantPath.parent(each)) {
            held.put(each, held(each).plus(more));
        }
        if (registry.shares.hasParts(tenant)) {
            String own = TenantPath.own(tenant);
            held.put(own, held(own).plus(more));
        }
    }

    /** Where room could be made for a workload, or one of its gang. */
    Collection<Room> holders(Workload preemptor, Turns turns, Domain domain) {
        Collection<Node> nodes = domain == anywhere.domain()
                ? prey.nodes(preemptor.standing, !turns.areNone() || registry.levels.areUsed())
                : NodeIndex.some(domain, start, Prey.MOST_NODES);
        return rooms.holders(
                preemptor, nodes, new Scope(domain, preemptor.prospects().possible()));
    }

    Turns turns(Workload preemptor) {
        return new Turns(preemptor, this, prey, registry.shares);
    }

    /** Whether a tenant had so much more than another lately that this one may take its turn. */
    boolean hadMore(String tenant, String than) {
        double margin = policy.turnPermille() / (double) Service.WHOLE;
        return history(than) + margin < history(tenant);
    }

    private double history(String tenant) {
        return histories.computeIfAbsent(tenant, each -> registry.shares.history(each, now));
    }

    /** Who may be suspended in a room. */
    List<Workload> candidates(Room room, Workload preemptor, Turns turns) {
        List<Workload> candidates = new ArrayList<>();
        for (Workload victim : room.node.workloads) {
            // One of the members of a gang stands for all.
            if ((victim.gang == null || !hasOneOf(candidates, victim.gang)) && mayGo(victim, preemptor, turns)) {
                candidates.add(victim);
            }
        }
        return candidates;
    }

    private boolean mayGo(Workload victim, Workload preemptor, Turns turns) {
        return mayTakeRoomOf(victim, preemptor)
                ? maySuspendAll(victim, preemptor.standing)
                : turns.mayTake(victim.spec.tenant(), victim.standing, victim.demand()) && mayBeOthersTurn(victim);
    }

    private static boolean hasOneOf(List<Workload> workloads, @Nullable Gang gang) {
        for (Workload workload : workloads) {
            if (gang != null && workload.gang == gang) {
                return true;
            }
        }
        return false;
    }

    /** Whether it may have to go whoever's turn it is. */
    private boolean mayTakeRoomOf(Workload victim, Workload preemptor) {
        return preemptor.standing.mayTakeRoomOf(victim.standing)
                || isLent(victim, preemptor)
                || registry.levels.mayTakeRoomOf(victim, preemptor, now);
    }

    private boolean maySuspendAll(Workload victim, Tier standing) {
        if (victim.gang == null) {
            return maySuspendAfter(victim, standing);
        }
        for (Workload each : victim.together()) {
            if (!maySuspendAfter(each, standing)) {
                return false;
            }
        }
        return true;
    }

    private boolean maySuspendAfter(Workload victim, Tier standing) {
        return maySuspend(victim, standing == Tier.PREMIUM ? policy.minimumRunMillis() : registry.minimumRun(victim));
    }

    private boolean mayBeOthersTurn(Workload victim) {
        for (Workload each : victim.together()) {
            if (!maySuspend(each, registry.turn(each))) {
                return false;
            }
        }
        return true;
    }

    /** What a gang has beyond the least it needs is lent to all of its tier. */
    static boolean isLent(Workload victim, Workload preemptor) {
        return preemptor.standing == victim.standing && preemptor.beyond == null && victim.beyond != null;
    }

    /** @param run how long it must have run */
    private boolean maySuspend(Workload victim, long run) {
        return victim.state == WorkloadState.RUNNING
                && victim.spareUntil <= now
                && victim.runningSince + run <= now
                // Somebody in front may have chosen it in this very plan.
                && !chosen.contains(victim);
    }

    /** What suspending a workload now would cost, in milliseconds. */
    long cost(Workload victim) {
        Long known = costs.get(victim);
        if (known != null) {
            return known;
        }
        long cost = 0;
        for (Workload each : victim.together()) {
            cost += registry.costs().preemption(each, now);
        }
        // With their gang, those beyond its least number stop as well: one of them alone is the cheaper victim.
        for (Workload each : victim.gang == null ? List.<Workload>of() : victim.gang.beyond()) {
            cost += each.state.isPlaced() && !each.state.isLeaving()
                    ? registry.costs().preemption(each, now)
                    : 0;
        }
        costs.put(victim, cost);
        return cost;
    }

    /**
     * Whether a workload may have nodes kept for it that nobody is suspended on. Premium has them at once: others that start there one
     * after the other, of which none can be suspended before it runs, would keep it waiting.
     */
    boolean isFirstToWait(Workload workload) {
        long patience = workload.standing == Tier.PREMIUM ? 0 : policy.patienceMillis();
        return !nodeKeptForFirst && workload.queuedAt + patience <= now;
    }

    /** Nobody behind has nodes kept. */
    void nodesAreKept() {
        nodeKeptForFirst = true;
    }

    boolean mayStart(Workload workload) {
        return workload.notBefore <= now;
    }

    Rooms rooms() {
        return rooms;
    }

    /** All of the plan that a step changes, to go back to. */
    record Mark(Rooms.Mark rooms, Set<Workload> chosen, Map<String, Resources> held) {}

    Mark mark() {
        return new Mark(rooms.mark(), new HashSet<>(chosen), new HashMap<>(held));
    }

    void goBackTo(Mark mark) {
        rooms.goBackTo(mark.rooms);
        chosen.clear();
        chosen.addAll(mark.chosen);
        held.clear();
        held.putAll(mark.held);
    }

    void makeRoom(Workload victim, Workload preemptor) {
        suspend(victim);
        steps.add(new Step.MakeRoom(victim, preemptor));
    }

    private boolean keepNodeForFirst(Workload workload) {
        // Who is beyond what a gang needs has no claim to any.
        if (workload.beyond != null || !isFirstToWait(workload) || !mayHave(workload)) {
            return false;
        }
        Room room = workload.claim != null && workload.claim.choice() == workload.choice() ? claimed(workload) : null;
        if (room == null) {
            room = rooms.loosestForAll(workload.needs(), 1, scope(workload));
        }
        if (room == null) {
            return false;
        }
        nodeKeptForFirst = true;
        keep(workload, room, false);
        return true;
    }
}
