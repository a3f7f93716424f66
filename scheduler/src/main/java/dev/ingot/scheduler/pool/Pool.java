package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The pool as a state machine. The same commands at the same times lead to the same state, on any machine. Not thread-safe.
 *
 * <h2>Fencing</h2>
 *
 * A workload's epoch grows each time it is placed. Orders and reports carry it, and whatever belongs to another epoch is ignored by
 * the core and killed by a node. A workload is placed again only once its node has said that its process ended, or once the node
 * is {@linkplain Command.Lose lost}, which whoever gives that command may do only when the node's lease has run out.
 */
public final class Pool {
    private static final int MOST_LOOKED_AT = 100_000;
    private static final long TURNS_EVERY_MILLIS = 60_000;
    private static final long SECOND_MILLIS = 1000;
    private static final long WAIT_PER_SEARCH = 8;
    private static final long MOST_SECONDS = 16;

    private final Policy policy;
    private final Registry registry;
    private final Requests requests;
    private final Repair repair;
    private final Observations observations;
    private final Gangs gangs;
    private final Moves moves;
    private final Map<Preemption, Long> preemptions = new EnumMap<>(Preemption.class);
    private boolean closed;
    private long lastMillis;

    public Pool(Policy policy) {
        this.policy = policy;
        this.registry = new Registry(policy);
        this.repair = new Repair(registry, policy);
        this.moves = new Moves(registry, policy);
        this.requests = new Requests(registry, repair, moves, policy);
        this.gangs = new Gangs(registry, repair);
        this.observations = new Observations(registry, repair, gangs, moves, policy);
    }

    /** A pool that goes on where another one was. */
    public static Pool restore(Policy policy, PoolSnapshot snapshot) {
        Pool pool = new Pool(policy);
        pool.registry.restore(snapshot);
        pool.closed = snapshot.closed();
        pool.lastMillis = snapshot.at();
        return pool;
    }

    /** All there is to know of this pool but its policy. */
    public PoolSnapshot snapshot() {
        return registry.snapshot(lastMillis, closed);
    }

    /**
     * Carries out a command and everything that follows from it.
     *
     * @param now milliseconds, never less than in an earlier call
     */
    public Answer apply(long now, Command command) {
        boolean turns = isFirstIn(TURNS_EVERY_MILLIS, now);
        boolean first = turns || isFirstIn(SECOND_MILLIS, now);
        lastMillis = now;
        long before = registry.changes();
        long openings = registry.openings();
        Answer answer = carryOut(now, command);
        // Foreseen is only where somebody cannot start.
        boolean observed = command instanceof Command.Observe || command instanceof Command.Foresee;
        if (observed && !first && registry.changes() == before) {
            // Nothing but a newer image. What time alone changes is for ticks.
            return answer;
        }
        repair.review(now);
        registry.updateStandings(now);
        registry.forgetOldService(now);
        requests.keepWithinLimits(now);
        moves.goUnprepared(now);
        moves.evacuate(now, closed);
        gangs.keepTogether(now);
        gangs.gather(now);
        boolean opened = registry.openings() != openings;
        if (turns) {
            plan(now, Search.TURNS, null);
        } else if (first || !(observed || command instanceof Command.Submit)) {
            plan(now, Search.WEAKER, null);
        } else if (!observed) {
            // For others than those like it there is no more room than before.
            plan(now, Search.WEAKER, opened ? null : registry.workload(answer.text()));
        } else if (opened) {
            plan(now, Search.PREMIUM, null);
        }
        gangs.keepTogether(now);
        return answer;
    }

    /** Whether no command came before in this minute, or second. */
    private boolean isFirstIn(long unit, long now) {
        return now / unit != lastMillis / unit;
    }

    // One line per command; a switch over types would need a newer Java.
    private Answer carryOut(long now, Command command) {
        if (command instanceof Command.Submit submit) {
            return requests.submit(now, submit);
        } else if (command instanceof Command.Suspend suspend) {
            return requests.suspend(now, suspend.workload());
        } else if (command instanceof Command.Resume resume) {
            return requests.resume(now, resume.workload());
        } else if (command instanceof Command.Exchange exchange) {
            return requests.exchange(now, exchange);
        } else if (command instanceof Command.Migrate migrate) {
            return requests.migrate(now, migrate);
        } else if (command instanceof Command.Cancel cancel) {
            return requests.cancel(now, cancel.workload());
        } else if (command instanceof Command.Join join) {
            return observations.join(now, join);
        } else if (command instanceof Command.Observe observe) {
            return observations.observe(now, observe);
        } else if (command instanceof Command.Foresee foresee) {
            return observations.foresee(foresee);
        } else if (command instanceof Command.Diagnose diagnose) {
            return observations.diagnose(now, diagnose);
        } else if (command instanceof Command.Lose lose) {
            return observations.lose(now, lose, closed);
        } else if (command instanceof Command.Return back) {
            return observations.comeBack(now, back);
        } else if (command instanceof Command.Leave leave) {
            return observations.leave(now, leave);
        } else if (command instanceof Command.Cordon cordon) {
            return requests.cordon(now, cordon.node(), cordon.cordoned(), false);
        } else if (command instanceof Command.Drain drain) {
            return requests.cordon(now, drain.node(), true, true);
        } else if (command instanceof Command.Reserve reserve) {
            return requests.reserve(now, reserve);
        } else if (command instanceof Command.Limit limit) {
            return requests.limit(now, limit);
        } else if (command instanceof Command.Close close) {
            closed = close.closed();
            List.copyOf(registry.prepared()).forEach(registry::giveUpPreparation);
        }
        return Answer.of("");
    }

    /* ---- What follows ---- */

    /** @param only if not null, those that are not like this one have been looked at since there was more room for them */
    private void plan(long now, Search search, @Nullable Workload only) {
        if (closed || (registry.queue().isEmpty() && registry.rising().isEmpty())) {
            return;
        }
        Line line = only == null ? registry.line(now) : registry.line(now, only);
        List<Step> steps = new Planner(registry, policy, search, now).planAndMoveUp(line);
        registry.queue().promises().lookedAt();
        for (Step step : steps) {
            if (step instanceof Step.Start start) {
                registry.start(now, start.workload(), start.choice(), start.node(), start.piece());
            } else if (step instanceof Step.Keep keep) {
                registry.setClaim(keep.workload(), keep.claim());
            } else if (step instanceof Step.Drop drop) {
                registry.setClaim(drop.workload(), null);
            } else if (step instanceof Step.MoveUp up) {
                moves.begin(now, up.workload(), up.claim());
            } else if (step instanceof Step.MakeRoom room) {
                Preemption why = Preemption.of(room.victim(), room.preemptor());
                preemptions.merge(why, 1L, Long::sum);
                registry.beginSuspend(now, room.victim(), Intent.MAKE_ROOM, why.reason(room.preemptor()));
            }
        }
    }

    /* ---- What can be seen ---- */

    /** All that the node is to hold now. */
    public List<Order> orders(String name) {
        Node node = registry.findNode(name);
        if (node == null || !node.alive) {
            return List.of();
        }
        List<Order> orders = new ArrayList<>();
        for (Workload workload : node.workloads) {
            orders.add(new Order(
                    workload.id,
                    workload.epoch,
                    goal(workload),
                    workload.attempt,
                    workload.piece.devices(),
                    workload.choice(),
                    workload.company(),
                    workload.startImage,
                    workload.keptImages(),
                    workload.spec));
        }
        for (Workload workload : registry.prepared()) {
            Preparation preparation = workload.preparation;
            if (preparation != null
                    && preparation.base() != null
                    && preparation.node().equals(name)) {
                orders.add(new Order(
                        workload.id,
                        preparation.epoch(),
                        Goal.PREPARE,
                        0,
                        List.of(),
                        preparation.choice(),
                        workload.company(),
                        preparation.base(),
                        workload.keptImages(),
                        workload.spec));
            }
        }
        return orders;
    }

    private static Goal goal(Workload workload) {
        Preparation preparation = workload.preparation;
        return switch (workload.state) {
            case RUNNING ->
                workload.asked
                        ? Goal.CHECKPOINT
                        : preparation != null && preparation.base() == null ? Goal.COPY : Goal.RUN;
            case STARTING -> Goal.RUN;
            case SUSPENDING -> workload.intent == Intent.GO_BACK ? Goal.KILL : Goal.SUSPEND;
            case CANCELLING, QUEUED, HELD, DONE, FAILED, CANCELLED -> Goal.KILL;
        };
    }

    /** The nodes whose orders may have changed since this was asked last. */
    public Set<String> takeChangedNodes() {
        return registry.takeChangedNodes();
    }

    /** How many thousandths of accelerators the workloads of each tier hold. */
    public Map<Tier, Long> usedDevices() {
        Map<Tier, Long> used = new EnumMap<>(Tier.class);
        for (Node node : registry.nodes()) {
            for (Workload workload : node.workloads) {
                used.merge(workload.spec.tier(), workload.needs().milliDevices(), Long::sum);
            }
        }
        return used;
    }

    /** How many workloads wait for room. */
    public int queueLength() {
        return registry.queue().size();
    }

    /** All workloads, in the order of their submission. */
    public List<WorkloadView> workloads() {
        return registry.workloads().stream()
                .map(workload -> workload.view(lastMillis))
                .toList();
    }

    /**
     * Some workloads.
     *
     * @param after {@link WorkloadPage#next} of the page before; 0 for the first
     * @param tenant whose they, or its parts', are; null for all
     * @param active whether to leave out those that have ended
     */
    public WorkloadPage workloads(long after, int most, @Nullable String tenant, boolean active) {
        List<WorkloadView> chosen = new ArrayList<>();
        long place = after;
        int looked = 0;
        for (Workload workload : registry.workloadsAfter(after)) {
            if (chosen.size() == most || looked == MOST_LOOKED_AT) {
                return new WorkloadPage(chosen, place);
            }
            looked++;
            place = workload.number;
            boolean wanted = (tenant == null || TenantPath.isWithin(workload.spec.tenant(), tenant))
                    && !(active && workload.state.isEnded());
            if (wanted) {
                chosen.add(workload.view(lastMillis));
            }
        }
        return new WorkloadPage(chosen, 0);
    }

    /** The number of the newest event; 0 if there was none. */
    public long lastEvent() {
        return registry.events().last();
    }

    /** The oldest of the events after {@code sequence} that are still known, {@code most} at most. */
    public List<PoolEvent> eventsAfter(long sequence, int most) {
        return registry.events().after(sequence, most);
    }

    /** What is used now. */
    public Usage usage(long now) {
        Resources capacity = Resources.NONE;
        Map<Tier, Resources> used = new EnumMap<>(Tier.class);
        int running = 0;
        for (Node node : registry.nodes()) {
            capacity = node.alive ? capacity.plus(node.capacity()) : capacity;
            for (Workload workload : node.workloads) {
                used.merge(workload.spec.tier(), workload.needs(), Resources::plus);
                running++;
            }
        }
        Resources reserved = Resources.NONE;
        Resources usedOfReservations = Resources.NONE;
        for (TenantView tenant : tenants()) {
            if (TenantPath.parent(tenant.name()) != null) {
                // It is in what its whole has.
                continue;
            }
            reserved = reserved.plus(tenant.reserved());
            usedOfReservations = usedOfReservations.plus(tenant.usedOfReservation());
        }
        return new Usage(now, capacity, reserved, usedOfReservations, used, running, queueLength());
    }

    /**
     * Which part they got, within five seconds, of what Premium workloads within reservations were due since this pool was made or restored; 1 where
     * nothing was due. Without any reservation all Premium workloads count.
     */
    public double guaranteeKept() {
        return registry.guarantee.kept();
    }

    /** How often workloads, or gangs, were suspended for others since this pool was made or restored. */
    public Map<Preemption, Long> preemptions() {
        return Map.copyOf(preemptions);
    }

    /** The tiers, strongest first. */
    public List<TierView> tiers() {
        List<TierView> views = new ArrayList<>();
        for (Tier tier : Tier.values()) {
            int running = 0;
            int queued = 0;
            int held = 0;
            int lacking = 0;
            long served = 0;
            Resources used = Resources.NONE;
            for (Workload workload : registry.workloads()) {
                if (workload.spec.tier() == tier) {
                    boolean placed = workload.state.isPlaced();
                    running += placed ? 1 : 0;
                    queued += workload.state == WorkloadState.QUEUED ? 1 : 0;
                    held += workload.state == WorkloadState.HELD ? 1 : 0;
                    used = placed ? used.plus(workload.needs()) : used;
                    if (placed || workload.state == WorkloadState.QUEUED) {
                        int share = workload.service.share(lastMillis);
                        served += share;
                        lacking += share < workload.standing.guarantee() ? 1 : 0;
                    }
                }
            }
            int wanting = running + queued;
            int mean = wanting == 0 ? Service.WHOLE : (int) (served / wanting);
            views.add(new TierView(tier, running, queued, held, used, mean, tier.guarantee(), lacking));
        }
        return views;
    }

    /** A workload; null if there is none of that id. */
    public @Nullable WorkloadView workload(String id) {
        Workload workload = registry.workload(id);
        return workload == null ? null : workload.view(lastMillis);
    }

    /** All nodes there ever were, by name. */
    public List<NodeView> nodes() {
        return registry.nodes().stream().map(Pool::view).toList();
    }

    /** A node; null if there never was one of that name. */
    public @Nullable NodeView node(String name) {
        Node node = registry.findNode(name);
        return node == null ? null : view(node);
    }

    /** The names of a workload's images that may still be needed, but for newer ones that nobody has reported; oldest first. */
    public List<String> keptImages(String id) {
        Workload workload = registry.workload(id);
        return workload == null ? List.of() : workload.keptImages();
    }

    /** Whether a node gets ready for that epoch of a workload. */
    public boolean isPreparing(String id, String node, long epoch) {
        Workload workload = registry.workload(id);
        Preparation preparation = workload == null ? null : workload.preparation;
        return preparation != null
                && preparation.epoch() == epoch
                && preparation.node().equals(node);
    }

    /** What the probes of a node find, as far as the pool was told; empty for a node that is not there. */
    public Map<Probe, String> findings(String name) {
        Node node = registry.findNode(name);
        return node == null ? Map.of() : node.health.findings();
    }

    /** Whether a node that lives wants to end. */
    public boolean isLeaving(String name) {
        Node node = registry.findNode(name);
        return node != null && node.alive && node.leaving;
    }

    /** Workloads that ended so long ago, or before so many others, that they were forgotten since this was asked last. */
    public List<String> takeForgotten() {
        return registry.takeForgotten();
    }

    /** All tenants that have a reservation or a workload placed, and those of which they are parts, by name. */
    public List<TenantView> tenants() {
        return List.copyOf(registry.tenants
                .views(registry.nodes(), registry.limits, lastMillis)
                .values());
    }

    private static NodeView view(Node node) {
        return new NodeView(
                node.name,
                node.incarnation,
                node.alive,
                node.cordoned,
                node.capacity(),
                node.devices(),
                node.location,
                node.taken.total(),
                node.workloads.size(),
                node.health.state(),
                node.health.until(),
                node.health.findings());
    }

    /** Whether everything has been suspended and nothing starts. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether a report says anything that the pool does not know, so that it has to be applied. */
    public boolean isNews(Command.Observe observe) {
        return observations.isNews(observe);
    }

    /** Why a workload is where it is and what would change that, in sentences. */
    public List<String> why(long now, String id) {
        return why(now, id, tenant -> true);
    }

    /**
     * The same, for somebody who must not learn of all.
     *
     * @param known whether the workloads of a tenant may be named
     */
    public List<String> why(long now, String id, Predicate<String> known) {
        Workload workload = registry.workload(id);
        return workload == null
                ? List.of(Requests.unknown(id).text())
                : new Explanation(
                                workload,
                                registry.everybodyInLine(now),
                                registry.nodes(),
                                refusals(now, workload, known),
                                registry::runsUntil,
                                known,
                                closed,
                                now)
                        .sentences();
    }

    private List<String> refusals(long now, Workload workload, Predicate<String> known) {
        return registry.limits.areNone() || workload.state != WorkloadState.QUEUED
                ? List.of()
                : new Planner(registry, policy, Search.PREMIUM, now).refusals(workload, known);
    }

    /** Which nodes that would take others cannot go on with the image of a workload that waits, in sentences. */
    public List<String> impossible(String id) {
        Workload workload = registry.workload(id);
        return workload == null || workload.state != WorkloadState.QUEUED
                ? List.of()
                : new Explanation(
                                workload,
                                List.of(),
                                registry.nodes(),
                                List.of(),
                                registry::runsUntil,
                                tenant -> true,
                                closed,
                                lastMillis)
                        .impossible();
    }

    /** When time alone changes something next; {@link Long#MAX_VALUE} for never. */
    public long nextTick(long now) {
        long next = gangs.nextTick(now);
        boolean queued = !registry.queue().promises().isEmpty();
        // The same for all of a standing, and asked for each that waits.
        Set<Tier> takers = EnumSet.noneOf(Tier.class);
        for (Tier tier : Tier.values()) {
            if (registry.hasAnyToTakeRoomOf(tier)) {
                takers.add(tier);
            }
        }
        for (NavigableSet<Workload> kind : registry.queue().kinds()) {
            Workload workload = kind.first();
            if (workload.state == WorkloadState.QUEUED) {
                queued = true;
                next = earlier(next, now, workload.notBefore);
                next = earlier(next, now, workload.queuedAt + policy.patienceMillis());
                next = takers.contains(workload.standing) ? Math.min(next, searchAt(workload, now)) : next;
            }
        }
        if (queued || registry.rising().isDue(now)) {
            // Tenants' histories grow apart, weaker workloads have run long enough, and moves pay that did not yet.
            next = Math.min(next, (now / TURNS_EVERY_MILLIS + 1) * TURNS_EVERY_MILLIS);
        }
        for (Workload workload : registry.prepared()) {
            Preparation preparation = workload.preparation;
            if (preparation != null && workload.state == WorkloadState.RUNNING) {
                next = earlier(next, now, preparation.until());
            }
        }
        for (Node node : registry.index().attended()) {
            next = Math.min(next, node.health.next(now));
        }
        next = Math.min(next, registry.spared().next(now));
        next = Math.min(next, registry.limits.next(now));
        next = Math.min(next, registry.rising().next(now));
        if (queued) {
            next = Math.min(next, registry.levels.nextDue());
        }
        return next;
    }

    /** Moves that would let somebody start who waits and fits nowhere; null if there are none that pay. Nothing is changed. */
    public @Nullable Rearrangement rearrangement() {
        return new Defragmentation(registry, policy.placement()).find();
    }

    /** When victims are looked for again for one that waits: the longer it has waited, the less often. */
    private long searchAt(Workload workload, long now) {
        boolean waits = (workload.claim == null || !workload.claim.certain()) && workload.notBefore <= now;
        if (!waits) {
            return Long.MAX_VALUE;
        }
        long times = workload.standing == Tier.PREMIUM
                ? 1
                : Math.min(
                        MOST_SECONDS,
                        Math.max(1, Long.highestOneBit((now - workload.queuedAt) / WAIT_PER_SEARCH / SECOND_MILLIS)));
        long period = times * SECOND_MILLIS;
        return (now / period + 1) * period;
    }

    private static long earlier(long next, long now, long candidate) {
        return candidate > now ? Math.min(next, candidate) : next;
    }
}
