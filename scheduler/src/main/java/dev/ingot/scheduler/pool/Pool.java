package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    private static final int SIGNALLED = 128;
    /** ILL, TRAP, ABRT, BUS, FPE, KILL, SEGV, SYS: how a JVM is killed or crashes. */
    private static final Set<Integer> DEADLY = Set.of(4, 5, 6, 7, 8, 9, 11, 31);

    private static final long FIRST_DELAY_MILLIS = 1000;
    private static final int MOST_DOUBLINGS = 5;

    private final Policy policy;
    private final Map<String, Node> nodes = new TreeMap<>();
    private final Map<String, Workload> workloads = new LinkedHashMap<>();
    private final Map<String, String> idsByKey = new HashMap<>();
    /** Those in the queue, and those for whom room is kept. */
    private final TreeSet<Workload> waiting = new TreeSet<>(Workload.SENIORITY);

    private final Tenants tenants = new Tenants();

    private final Set<String> changedNodes = new TreeSet<>();
    private long submissions;
    private boolean closed;

    public Pool(Policy policy) {
        this.policy = policy;
    }

    /**
     * Carries out a command and everything that follows from it.
     *
     * @param now milliseconds, never less than in an earlier call
     */
    public Answer apply(long now, Command command) {
        Answer answer = carryOut(now, command);
        tenants.updateStandings();
        evacuate(now);
        plan(now);
        return answer;
    }

    // One line per command; a switch over types would need a newer Java.
    private Answer carryOut(long now, Command command) {
        if (command instanceof Command.Submit submit) {
            return submit(now, submit);
        } else if (command instanceof Command.Suspend suspend) {
            return suspend(now, suspend.workload());
        } else if (command instanceof Command.Resume resume) {
            return resume(now, resume.workload());
        } else if (command instanceof Command.Migrate migrate) {
            return migrate(now, migrate);
        } else if (command instanceof Command.Cancel cancel) {
            return cancel(now, cancel.workload());
        } else if (command instanceof Command.Join join) {
            return join(join);
        } else if (command instanceof Command.Observe observe) {
            return observe(now, observe);
        } else if (command instanceof Command.Lose lose) {
            return lose(now, lose);
        } else if (command instanceof Command.Cordon cordon) {
            return cordon(cordon.node(), cordon.cordoned(), false);
        } else if (command instanceof Command.Drain drain) {
            return cordon(drain.node(), true, true);
        } else if (command instanceof Command.Reserve reserve) {
            return reserve(reserve);
        } else if (command instanceof Command.Close close) {
            closed = close.closed();
        }
        return Answer.of("");
    }

    /* ---- What users ask for ---- */

    private Answer submit(long now, Command.Submit submit) {
        String known = idsByKey.get(submit.key());
        if (known != null) {
            return Answer.of(known);
        }
        submissions++;
        String id = submit.spec().name() + "-" + submissions;
        Workload workload = new Workload(id, submissions, submit.spec(), now);
        workload.queuedAt = now;
        workload.note(now, "submitted");
        workloads.put(id, workload);
        idsByKey.put(submit.key(), id);
        file(workload);
        return Answer.of(id);
    }

    private Answer suspend(long now, String id) {
        Workload workload = workloads.get(id);
        if (workload == null) {
            return unknown(id);
        }
        switch (workload.state) {
            case QUEUED -> to(now, workload, WorkloadState.HELD, "suspended on request before it had a place");
            case STARTING, RUNNING -> beginSuspend(now, workload, Intent.HOLD, "on request");
            case SUSPENDING -> {
                workload.intent = Intent.HOLD;
                setClaim(workload, null);
            }
            case HELD -> {
                // It is as it should be.
            }
            case CANCELLING, DONE, FAILED, CANCELLED -> {
                return Answer.refused(id + " cannot be suspended, it is " + workload.state);
            }
        }
        return Answer.of(id);
    }

    private Answer resume(long now, String id) {
        Workload workload = workloads.get(id);
        if (workload == null) {
            return unknown(id);
        }
        switch (workload.state) {
            case HELD -> to(now, workload, WorkloadState.QUEUED, "resumed on request");
            case SUSPENDING -> workload.intent = workload.intent == Intent.HOLD ? Intent.MAKE_ROOM : workload.intent;
            case QUEUED, STARTING, RUNNING -> {
                // It is as it should be.
            }
            case FAILED -> {
                if (workload.image == null) {
                    return Answer.refused(id + " cannot be resumed, it failed and has no image; submit it again");
                }
                workload.failures = 0;
                to(now, workload, WorkloadState.QUEUED, "resumed on request from the image before its failure");
            }
            case CANCELLING, DONE, CANCELLED -> {
                return Answer.refused(id + " cannot be resumed, it is " + workload.state);
            }
        }
        return Answer.of(id);
    }

    private Answer migrate(long now, Command.Migrate migrate) {
        Workload workload = workloads.get(migrate.workload());
        if (workload == null) {
            return unknown(migrate.workload());
        }
        if (workload.state != WorkloadState.RUNNING) {
            return Answer.refused(workload.id + " cannot be migrated, it is " + workload.state
                    + "; only what runs has a place to leave");
        }
        Planner planner = new Planner(nodes.values(), policy, now);
        planner.plan(inLine());
        Resources needs = workload.spec.needs();
        String target = migrate.node();
        if (target == null) {
            Room room = planner.tightestFor(needs, workload.node);
            if (room == null) {
                return Answer.refused("no other node has room for " + workload.id + ", which needs " + needs);
            }
            target = room.node.name;
        } else if (!nodes.containsKey(target)) {
            return unknownNode(target);
        } else if (target.equals(workload.node)) {
            return Answer.of(workload.id);
        } else if (!planner.hasRoom(target, needs)) {
            return Answer.refused("node " + target + " has no room for " + workload.id + ", which needs " + needs);
        }
        setClaim(workload, new Claim(target, true));
        beginSuspend(now, workload, Intent.MIGRATE, "moves to " + target + " on request");
        return Answer.of(workload.id);
    }

    private Answer cancel(long now, String id) {
        Workload workload = workloads.get(id);
        if (workload == null) {
            return unknown(id);
        }
        switch (workload.state) {
            case QUEUED, HELD -> {
                workload.finalOutput = workload.imageOutput;
                to(now, workload, WorkloadState.CANCELLED, "cancelled on request");
            }
            case STARTING, RUNNING, SUSPENDING -> to(now, workload, WorkloadState.CANCELLING, "cancelled on request");
            case CANCELLING, DONE, FAILED, CANCELLED -> {
                // It has ended or will.
            }
        }
        return Answer.of(id);
    }

    private Answer cordon(String name, boolean cordoned, boolean draining) {
        Node node = nodes.get(name);
        if (node == null) {
            return unknownNode(name);
        }
        node.cordoned = cordoned;
        node.draining = draining;
        return Answer.of(name);
    }

    private Answer reserve(Command.Reserve reserve) {
        Resources capacity = Resources.NONE;
        for (Node node : nodes.values()) {
            capacity = capacity.plus(node.capacity);
        }
        Resources left = capacity.minus(tenants.reservedByOthers(reserve.tenant()));
        if (!reserve.reservation().fitsIn(left)) {
            return Answer.refused("cannot reserve " + reserve.reservation() + " for " + reserve.tenant()
                    + ": of all nodes' " + capacity + ", others have left " + left);
        }
        tenants.reserve(reserve.tenant(), reserve.reservation());
        return Answer.of(reserve.tenant());
    }

    private static Answer unknown(String id) {
        return Answer.refused("there is no workload " + id + "; 'ingot pool ps' lists them");
    }

    private static Answer unknownNode(String name) {
        return Answer.refused("there is no node " + name + "; 'ingot pool nodes' lists them");
    }

    /* ---- What nodes say ---- */

    private Answer join(Command.Join join) {
        Node node = nodes.computeIfAbsent(join.node(), Node::new);
        if (node.alive && !node.incarnation.equals(join.incarnation())) {
            return Answer.refused("node " + join.node() + " is taken until the lease of who has it runs out");
        }
        node.incarnation = join.incarnation();
        node.capacity = join.capacity();
        node.alive = true;
        return Answer.of(join.node());
    }

    private Answer lose(long now, Command.Lose lose) {
        Node node = nodes.get(lose.node());
        if (node == null || !node.alive || !node.incarnation.equals(lose.incarnation())) {
            return Answer.refused("node " + lose.node() + " is not in the pool as " + lose.incarnation());
        }
        node.alive = false;
        for (Workload workload : List.copyOf(node.workloads)) {
            String from = workload.image == null ? "it begins again" : "it goes on from its newest image";
            if (workload.state == WorkloadState.CANCELLING) {
                workload.finalOutput = workload.imageOutput;
                to(now, workload, WorkloadState.CANCELLED, "node " + node.name + " was lost");
            } else {
                WorkloadState next = heldOrQueued(workload);
                to(now, workload, next, "node " + node.name + " was lost; " + from);
            }
        }
        return Answer.of(lose.node());
    }

    /** Whether a report says anything that the pool does not know, so that it has to be applied. */
    public boolean isNews(Command.Observe observe) {
        Node node = nodes.get(observe.node());
        return isThere(node, observe) && observe.reports().stream().anyMatch(report -> isNews(node, report));
    }

    private static boolean isThere(@Nullable Node node, Command.Observe observe) {
        return node != null && node.alive && node.incarnation.equals(observe.incarnation());
    }

    private boolean isNews(@Nullable Node node, Report report) {
        Workload workload = concerned(node, report);
        return workload != null
                && switch (report.phase()) {
                    case STARTING -> false;
                    case RUNNING ->
                        workload.state == WorkloadState.STARTING
                                || isRefusal(workload, report)
                                || isNewer(report.image(), workload.image);
                    case SUSPENDED, EXITED -> true;
                };
    }

    private @Nullable Workload concerned(@Nullable Node node, Report report) {
        Workload workload = workloads.get(report.workload());
        boolean concerned = workload != null
                && node != null
                && workload.state.isPlaced()
                && workload.epoch == report.epoch()
                && node.name.equals(workload.node);
        return concerned ? workload : null;
    }

    private static boolean isRefusal(Workload workload, Report report) {
        return workload.state == WorkloadState.SUSPENDING && report.refusedAttempt() == workload.attempt;
    }

    private static boolean isNewer(@Nullable ImageReference seen, @Nullable ImageReference known) {
        return seen != null && (known == null || seen.sequence() > known.sequence());
    }

    private Answer observe(long now, Command.Observe observe) {
        Node node = nodes.get(observe.node());
        if (!isThere(node, observe)) {
            return Answer.refused("node " + observe.node() + " is not in the pool as " + observe.incarnation());
        }
        for (Report report : observe.reports()) {
            Workload workload = concerned(node, report);
            if (workload != null) {
                observe(now, workload, report);
            }
        }
        return Answer.of(observe.node());
    }

    private void observe(long now, Workload workload, Report report) {
        ImageReference image = report.image();
        if (image != null && isNewer(image, workload.image)) {
            workload.image = image;
            workload.imageOutput = workload.baseAnd(image.output());
            workload.failures = 0;
        }
        switch (report.phase()) {
            case STARTING -> {
                // Known since it was ordered.
            }
            case RUNNING -> running(now, workload, report);
            case SUSPENDED -> suspended(now, workload, report);
            case EXITED -> exited(now, workload, report);
        }
    }

    private void running(long now, Workload workload, Report report) {
        if (workload.state == WorkloadState.STARTING) {
            to(now, workload, WorkloadState.RUNNING, "runs");
        } else if (isRefusal(workload, report)) {
            workload.problem = report.problem();
            workload.spareUntil = now + policy.retryMillis();
            if (workload.intent == Intent.MIGRATE) {
                setClaim(workload, null);
            }
            to(now, workload, WorkloadState.RUNNING, "could not be suspended: " + report.problem());
        }
    }

    private void suspended(long now, Workload workload, Report report) {
        if (report.image() == null) {
            crashed(now, workload, "it ended as if suspended, but left no image");
        } else if (workload.state == WorkloadState.CANCELLING) {
            workload.finalOutput = workload.imageOutput;
            to(now, workload, WorkloadState.CANCELLED, "was suspended when it was cancelled");
        } else if (workload.state == WorkloadState.SUSPENDING) {
            to(now, workload, heldOrQueued(workload), "suspended");
        } else {
            to(now, workload, WorkloadState.HELD, "was suspended by somebody outside the pool");
        }
    }

    private static WorkloadState heldOrQueued(Workload workload) {
        boolean held = workload.state == WorkloadState.SUSPENDING && workload.intent == Intent.HOLD;
        return held ? WorkloadState.HELD : WorkloadState.QUEUED;
    }

    private void exited(long now, Workload workload, Report report) {
        boolean killed = DEADLY.contains(report.exitCode() - SIGNALLED);
        if (killed && workload.state != WorkloadState.CANCELLING) {
            crashed(now, workload, "ended by signal " + (report.exitCode() - SIGNALLED));
            return;
        }
        workload.exitCode = report.exitCode();
        workload.finalOutput = workload.baseAnd(report.output());
        if (killed) {
            to(now, workload, WorkloadState.CANCELLED, "was ended");
        } else if (report.exitCode() == Report.NOT_STARTED) {
            workload.problem = report.problem();
            to(now, workload, WorkloadState.FAILED, "could not be started: " + report.problem());
        } else if (report.exitCode() == 0) {
            to(now, workload, WorkloadState.DONE, "ended by itself");
        } else {
            to(now, workload, WorkloadState.FAILED, "ended by itself with exit code " + report.exitCode());
        }
    }

    private void crashed(long now, Workload workload, String how) {
        workload.problem = how;
        if (workload.state == WorkloadState.CANCELLING) {
            workload.finalOutput = workload.imageOutput;
            to(now, workload, WorkloadState.CANCELLED, how);
        } else if (workload.failures == policy.mostFailures()) {
            workload.finalOutput = workload.imageOutput;
            to(now, workload, WorkloadState.FAILED, how + " " + (workload.failures + 1) + " times without a new image");
        } else {
            workload.failures++;
            if (workload.failures > 1) {
                int doublings = Math.min(workload.failures - 2, MOST_DOUBLINGS);
                workload.notBefore = now + (FIRST_DELAY_MILLIS << doublings);
            }
            to(now, workload, heldOrQueued(workload), how);
        }
    }

    /* ---- What follows ---- */

    /** Whoever must not stay where it is goes. */
    private void evacuate(long now) {
        for (Node node : nodes.values()) {
            if (node.alive && (closed || node.draining)) {
                for (Workload workload : List.copyOf(node.workloads)) {
                    boolean goes = workload.state == WorkloadState.RUNNING && workload.spareUntil <= now;
                    if (goes) {
                        String reason =
                                closed ? "the pool is being stopped" : "node " + node.name + " is being drained";
                        beginSuspend(now, workload, Intent.MAKE_ROOM, reason);
                    }
                }
            }
        }
    }

    private void plan(long now) {
        if (closed) {
            return;
        }
        for (Step step : new Planner(nodes.values(), policy, now).plan(inLine())) {
            if (step instanceof Step.Start start) {
                start(now, start.workload(), start.node());
            } else if (step instanceof Step.Keep keep) {
                setClaim(keep.workload(), keep.claim());
            } else if (step instanceof Step.Drop drop) {
                setClaim(drop.workload(), null);
            } else if (step instanceof Step.MakeRoom room) {
                Workload preemptor = room.preemptor();
                String reason = "makes room for " + preemptor.id + " (" + preemptor.standing + ")";
                beginSuspend(now, room.victim(), Intent.MAKE_ROOM, reason);
            }
        }
    }

    private void start(long now, Workload workload, String node) {
        workload.epoch++;
        workload.attempt = 0;
        workload.node = node;
        workload.startImage = workload.image;
        workload.base = workload.image == null ? List.of() : workload.imageOutput;
        workload.claim = null;
        node(node).workloads.add(workload);
        String from = workload.image == null ? "begins" : "goes on from its image";
        to(now, workload, WorkloadState.STARTING, from + " on " + node);
    }

    private void beginSuspend(long now, Workload workload, Intent intent, String reason) {
        workload.intent = intent;
        workload.attempt++;
        workload.problem = null;
        to(now, workload, WorkloadState.SUSPENDING, reason);
    }

    private Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalStateException("the plan names node " + name + ", which is not there");
        }
        return node;
    }

    private void changed(Workload workload) {
        if (workload.node != null) {
            changedNodes.add(workload.node);
        }
    }

    private void setClaim(Workload workload, @Nullable Claim claim) {
        workload.claim = claim;
        file(workload);
    }

    private List<Workload> inLine() {
        List<Workload> inLine = new ArrayList<>(waiting);
        inLine.sort(Workload.RANK);
        return inLine;
    }

    private void file(Workload workload) {
        tenants.file(workload);
        if (workload.state == WorkloadState.QUEUED || workload.claim != null) {
            waiting.add(workload);
        } else {
            waiting.remove(workload);
        }
    }

    /** Every change of a workload's state. */
    private void to(long now, Workload workload, WorkloadState next, String reason) {
        if (!workload.state.mayBecome(next)) {
            throw new IllegalStateException(
                    workload.id + " cannot go from " + workload.state + " to " + next + " (" + reason + ")");
        }
        workload.state = next;
        workload.note(now, reason);
        changed(workload);
        if (!next.isPlaced() && workload.node != null) {
            node(workload.node).workloads.remove(workload);
            workload.node = null;
        }
        if (next == WorkloadState.QUEUED) {
            workload.queuedAt = now;
        } else if (next == WorkloadState.RUNNING) {
            workload.runningSince = now;
        } else if (next != WorkloadState.SUSPENDING) {
            workload.claim = null;
        }
        file(workload);
    }

    /* ---- What can be seen ---- */

    /** All that the node is to hold now. */
    public List<Order> orders(String name) {
        Node node = nodes.get(name);
        if (node == null || !node.alive) {
            return List.of();
        }
        List<Order> orders = new ArrayList<>();
        for (Workload workload : node.workloads) {
            orders.add(new Order(
                    workload.id,
                    workload.epoch,
                    goal(workload.state),
                    workload.attempt,
                    workload.startImage,
                    workload.spec));
        }
        return orders;
    }

    private static Goal goal(WorkloadState state) {
        return switch (state) {
            case STARTING, RUNNING -> Goal.RUN;
            case SUSPENDING -> Goal.SUSPEND;
            case CANCELLING, QUEUED, HELD, DONE, FAILED, CANCELLED -> Goal.KILL;
        };
    }

    /** The nodes whose orders may have changed since this was asked last. */
    public Set<String> takeChangedNodes() {
        Set<String> taken = new TreeSet<>(changedNodes);
        changedNodes.clear();
        return taken;
    }

    /** How many accelerators the workloads of each tier hold. */
    public Map<Tier, Long> usedDevices() {
        Map<Tier, Long> used = new EnumMap<>(Tier.class);
        for (Node node : nodes.values()) {
            for (Workload workload : node.workloads) {
                used.merge(workload.spec.tier(), workload.spec.needs().devices(), Long::sum);
            }
        }
        return used;
    }

    /** How many workloads wait for room. */
    public int queueLength() {
        return (int) waiting.stream()
                .filter(workload -> workload.state == WorkloadState.QUEUED)
                .count();
    }

    /** All workloads, in the order of their submission. */
    public List<WorkloadView> workloads() {
        return workloads.values().stream().map(Workload::view).toList();
    }

    /** A workload; null if there is none of that id. */
    public @Nullable WorkloadView workload(String id) {
        Workload workload = workloads.get(id);
        return workload == null ? null : workload.view();
    }

    /** All nodes there ever were, by name. */
    public List<NodeView> nodes() {
        return nodes.values().stream().map(Pool::view).toList();
    }

    /** All tenants that have a reservation or a workload placed, by name. */
    public List<TenantView> tenants() {
        return List.copyOf(tenants.views(nodes.values()).values());
    }

    private static NodeView view(Node node) {
        Resources used = Resources.NONE;
        for (Workload workload : node.workloads) {
            used = used.plus(workload.spec.needs());
        }
        return new NodeView(
                node.name, node.incarnation, node.alive, node.cordoned, node.capacity, used, node.workloads.size());
    }

    /** Whether everything has been suspended and nothing starts. */
    public boolean isClosed() {
        return closed;
    }

    /** Why a workload is where it is and what would change that, in sentences. */
    public List<String> why(long now, String id) {
        Workload workload = workloads.get(id);
        return workload == null
                ? List.of(unknown(id).text())
                : new Explanation(workload, waiting, nodes.values(), policy, closed, now).sentences();
    }

    /** When time alone changes something next; {@link Long#MAX_VALUE} for never. */
    public long nextTick(long now) {
        long next = Long.MAX_VALUE;
        boolean queued = false;
        for (Workload workload : waiting) {
            if (workload.state == WorkloadState.QUEUED) {
                queued = true;
                next = earlier(next, now, workload.notBefore);
                next = earlier(next, now, workload.queuedAt + policy.patienceMillis());
            }
        }
        for (Node node : nodes.values()) {
            if (queued || closed || node.draining) {
                for (Workload workload : node.workloads) {
                    next = earlier(next, now, workload.spareUntil);
                    next = earlier(next, now, workload.runningSince + policy.minimumRunMillis());
                }
            }
        }
        return next;
    }

    private static long earlier(long next, long now, long candidate) {
        return candidate > now ? Math.min(next, candidate) : next;
    }
}
