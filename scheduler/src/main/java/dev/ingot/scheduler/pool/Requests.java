package dev.ingot.scheduler.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What users ask for. Asking again for what is so already changes nothing. Confined to the core's writer. */
final class Requests {
    private final Registry registry;
    private final Repair repair;
    private final Moves moves;
    private final Policy policy;

    Requests(Registry registry, Repair repair, Moves moves, Policy policy) {
        this.moves = moves;
        this.registry = registry;
        this.repair = repair;
        this.policy = policy;
    }

    Answer submit(long now, Command.Submit submit) {
        String known = registry.idOf(submit.key());
        if (known != null) {
            return Answer.of(known);
        }
        Answer taken = taken(submit.spec(), null);
        return taken == null ? Answer.of(registry.add(now, submit.key(), submit.spec()).id) : taken;
    }

    /**
     * @param self that may have the addresses already
     * @return null if nobody else has an address that the services are to have
     */
    private @Nullable Answer taken(WorkloadSpec spec, @Nullable Workload self) {
        Map<Integer, List<ServicePort>> wanted =
                spec.servicesOfAll().stream().collect(Collectors.groupingBy(ServicePort::entrance));
        if (wanted.isEmpty()) {
            return null;
        }
        for (Workload other : registry.workloads()) {
            if (other != self && !other.state.isEnded()) {
                for (ServicePort had : other.spec.services()) {
                    for (ServicePort service : wanted.getOrDefault(had.entrance(), List.of())) {
                        if (had.excludes(service)) {
                            // Whose it is may be no business of who asks.
                            return Answer.refused("service " + service.name() + " cannot be reached at "
                                    + service.address()
                                    + ": another service of this pool is; choose another address");
                        }
                    }
                }
            }
        }
        return null;
    }

    Answer suspend(long now, String id) {
        Workload named = registry.workload(id);
        if (named == null) {
            return unknown(id);
        }
        // The others follow.
        Gang gang = named.beyond;
        boolean follows = gang != null && !gang.all().isEmpty() && !named.state.isEnded();
        Workload workload = gang != null && follows ? gang.leader() : named;
        switch (workload.state) {
            case QUEUED -> registry.to(now, workload, WorkloadState.HELD, "suspended on request before it had a place");
            case STARTING, RUNNING -> {
                registry.setClaim(workload, null);
                registry.beginSuspend(now, workload, Intent.HOLD, "on request");
            }
            case SUSPENDING -> {
                workload.intent = Intent.HOLD;
                registry.setClaim(workload, null);
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

    Answer resume(long now, String id) {
        Workload workload = registry.workload(id);
        if (workload == null) {
            return unknown(id);
        }
        if (!workload.state.isEnded()) {
            for (Workload copy : copies(workload)) {
                if (copy != workload && !copy.state.isEnded()) {
                    goOn(now, copy);
                }
            }
        }
        return goOn(now, workload);
    }

    /** It, and those with which it is one gang. */
    private static List<Workload> copies(Workload workload) {
        Gang gang = workload.gang == null ? workload.beyond : workload.gang;
        if (gang == null) {
            return List.of(workload);
        }
        List<Workload> copies = new ArrayList<>(gang.everyMember());
        copies.addAll(gang.beyond());
        return copies;
    }

    private Answer goOn(long now, Workload workload) {
        String id = workload.id;
        if (workload.gang != null) {
            workload.gang.hold = false;
        }
        switch (workload.state) {
            case HELD -> {
                repair.overcome(workload);
                workload.setbacks = 0;
                registry.to(now, workload, WorkloadState.QUEUED, "resumed on request");
            }
            case SUSPENDING -> workload.intent = workload.intent == Intent.HOLD ? Intent.MAKE_ROOM : workload.intent;
            case QUEUED, STARTING, RUNNING -> {
                // It is as it should be.
            }
            case FAILED -> {
                if (workload.image == null || copies(workload).size() > 1) {
                    String why = workload.image == null ? "it failed and has no image" : "its gang has ended";
                    return Answer.refused(id + " cannot be resumed, " + why + "; submit it again");
                }
                Answer taken = taken(workload.spec, workload);
                if (taken != null) {
                    return taken;
                }
                repair.overcome(workload);
                registry.to(
                        now, workload, WorkloadState.QUEUED, "resumed on request from the image before its failure");
            }
            case CANCELLING, DONE, CANCELLED -> {
                return Answer.refused(id + " cannot be resumed, it is " + workload.state);
            }
        }
        return Answer.of(id);
    }

    Answer migrate(long now, Command.Migrate migrate) {
        Workload workload = registry.workload(migrate.workload());
        if (workload == null) {
            return unknown(migrate.workload());
        }
        if (workload.state != WorkloadState.RUNNING) {
            return Answer.refused(workload.id + " cannot be migrated, it is " + workload.state
                    + "; only what runs has a place to leave");
        }
        if (workload.gang != null) {
            return Answer.refused(workload.id + " cannot be migrated by itself, it is of a gang; 'ingot suspend' and"
                    + " 'ingot resume' move all of it, and so does 'ingot drain' for a node");
        }
        Planner planner = new Planner(registry, policy, Search.WEAKER, now);
        planner.plan(registry.line(now));
        Resources needs = workload.needs();
        String target = migrate.node();
        Claim claim;
        if (target == null) {
            // Nobody asked for it to be slower.
            claim = planner.elsewhere(workload, workload.choice());
            if (claim == null) {
                return Answer.refused(
                        "no other node has room for " + workload.id + ", which needs " + needs + impossible(workload));
            }
        } else if (registry.findNode(target) == null) {
            return unknownNode(target);
        } else if (target.equals(workload.node)) {
            return Answer.of(workload.id);
        } else if (!impossible(workload, target).isEmpty()) {
            return Answer.refused(workload.id + " cannot go to node " + target + " from its newest image: "
                    + impossible(workload, target));
        } else if (!mayBeOn(target, workload, planner)) {
            return Answer.refused(
                    workload.id + " cannot go to node " + target + ": it is to run " + workload.spec.placement());
        } else {
            claim = planner.at(target, workload);
            if (claim == null) {
                return Answer.refused("node " + target + " has no room for " + workload.id + ", which needs " + needs);
            }
        }
        moves.begin(now, workload, claim);
        return Answer.of(workload.id);
    }

    /** Why it cannot go on there from its image; empty if nothing is known against it. */
    private String impossible(Workload workload, String target) {
        Node node = registry.findNode(target);
        return node == null ? "" : workload.prospect(node).reason();
    }

    /** The first other node on which it cannot go on from its image, and why; empty if there is none. */
    private String impossible(Workload workload) {
        for (Node node : registry.nodes()) {
            String reason = impossible(workload, node.name);
            if (node.takesWorkloads() && !node.name.equals(workload.node) && !reason.isEmpty()) {
                return ", and can go on from its newest image: on " + node.name + ", " + reason;
            }
        }
        return "";
    }

    private boolean mayBeOn(String target, Workload workload, Planner planner) {
        Node node = registry.findNode(target);
        return node != null && planner.admits(node, workload);
    }

    /** Both are suspended at once, and each has a claim on what the other one leaves. */
    Answer exchange(long now, Command.Exchange exchange) {
        Workload one = registry.workload(exchange.workload());
        Workload other = registry.workload(exchange.with());
        if (one == null || other == null) {
            return unknown(one == null ? exchange.workload() : exchange.with());
        }
        Node here = one.node == null ? null : registry.findNode(one.node);
        Node there = other.node == null ? null : registry.findNode(other.node);
        if (here == null
                || there == null
                || here == there
                || !Defragmentation.isMovable(one)
                || !Defragmentation.isMovable(other)) {
            return Answer.refused(one.id + " and " + other.id
                    + " cannot change places: both have to run, on different nodes, none of a gang");
        }
        if (!there.location.isIn(one.spec.placement().within())
                || !here.location.isIn(other.spec.placement().within())) {
            return Answer.refused(one.id + " and " + other.id
                    + " cannot change places: one of them is not to run where the other one does");
        }
        // Each keeps what it has.
        for (String reason : List.of(
                one.prospects().on(there).reason(), other.prospects().on(here).reason())) {
            if (!reason.isEmpty()) {
                return Answer.refused(one.id + " and " + other.id + " cannot change places: " + reason);
            }
        }
        boolean fit = isFree(here)
                && isFree(there)
                && here.free().plus(one.piece).fits(other.needs())
                && there.free().plus(other.piece).fits(one.needs());
        if (!fit) {
            return Answer.refused(
                    one.id + " and " + other.id
                            + " cannot change places: one needs more than the other one leaves, or what is free there is kept for somebody");
        }
        registry.setClaim(one, new Claim(there.name, true, one.choice()));
        registry.setClaim(other, new Claim(here.name, true, other.choice()));
        registry.beginSuspend(now, one, Intent.MIGRATE, "changes places with " + other.id);
        registry.beginSuspend(now, other, Intent.MIGRATE, "changes places with " + one.id);
        return Answer.of(one.id);
    }

    /** Whether what it has free is for anybody. */
    private boolean isFree(Node node) {
        return node.takesWorkloads()
                && node.releasing.isNone()
                && !registry.queue().isKept(node.name);
    }

    Answer cancel(long now, String id) {
        Workload workload = registry.workload(id);
        if (workload == null) {
            return unknown(id);
        }
        switch (workload.state) {
            case QUEUED, HELD -> {
                workload.finalOutput = workload.imageOutput;
                registry.to(now, workload, WorkloadState.CANCELLED, "cancelled on request");
            }
            case STARTING, RUNNING, SUSPENDING ->
                registry.to(now, workload, WorkloadState.CANCELLING, "cancelled on request");
            case CANCELLING, DONE, FAILED, CANCELLED -> {
                // It has ended or will.
            }
        }
        return Answer.of(id);
    }

    Answer cordon(long now, String name, boolean cordoned, boolean draining) {
        Node node = registry.findNode(name);
        if (node == null) {
            return unknownNode(name);
        }
        if (node.cordoned != cordoned || node.draining != draining || (!cordoned && node.health.isAttended())) {
            String what = draining ? "is being drained" : cordoned ? "takes no new workloads" : "takes workloads again";
            registry.events().note(now, name, null, "node " + name + " " + what);
        }
        if (!cordoned) {
            repair.pardon(now, node);
        }
        node.cordoned = cordoned;
        node.draining = draining;
        registry.nodeChanged(now, node);
        return Answer.of(name);
    }

    Answer reserve(long now, Command.Reserve reserve) {
        String whole = TenantPath.parent(reserve.tenant());
        Resources capacity = whole == null ? capacity() : registry.tenants.reserved(whole);
        Resources left = capacity.minus(registry.tenants.reservedByOthers(reserve.tenant()));
        if (!reserve.reservation().fitsIn(left)) {
            return Answer.refused("cannot reserve " + reserve.reservation() + " for " + reserve.tenant() + ": of "
                    + (whole == null ? "all nodes' " : "what " + whole + " has reserved, ") + capacity
                    + ", others have left " + left);
        }
        Resources parts = registry.tenants.reservedByParts(reserve.tenant());
        if (!parts.fitsIn(reserve.reservation())) {
            return Answer.refused("cannot reserve no more than " + reserve.reservation() + " for " + reserve.tenant()
                    + ": its parts have " + parts + " reserved");
        }
        registry.tenants.reserve(reserve.tenant(), reserve.reservation());
        registry.events()
                .note(now, null, reserve.tenant(), reserve.tenant() + " has " + reserve.reservation() + " reserved");
        return Answer.of(reserve.tenant());
    }

    Answer limit(long now, Command.Limit limit) {
        registry.limits.set(now, limit.tenant(), limit.limits());
        registry.limitsChanged();
        registry.events().note(now, null, limit.tenant(), "the limits of " + limit.tenant() + " have been set");
        return Answer.of(limit.tenant());
    }

    /**
     * Suspends what tenants hold beyond their limits: all for which a budget is used up, and of what is borrowed too much the weakest standing first,
     * then who came last.
     */
    void keepWithinLimits(long now) {
        for (String tenant : registry.limits.areNone() ? List.<String>of() : registry.limits.exceeded(now)) {
            List<Workload> own = within(tenant);
            Resources held = Resources.NONE;
            for (Workload each : own) {
                held = each.state.isLeaving() ? held : held.plus(each.needs());
            }
            Resources most = registry.limits.most(tenant);
            for (Workload each : own) {
                boolean usedUp = registry.limits.isUsedUp(tenant, each.needs(), now);
                boolean tooMuch = most != null && Limits.exceeds(held, most, each.needs());
                if (usedUp && registry.limits.isNews(tenant, now)) {
                    registry.events().note(now, null, tenant, "the budget of " + tenant + " is used up");
                }
                if ((usedUp || tooMuch) && each.state == WorkloadState.RUNNING && each.spareUntil <= now) {
                    for (Workload other : each.together()) {
                        held = held.minus(other.needs());
                    }
                    registry.setClaim(each, null);
                    registry.beginSuspend(now, each, Intent.MAKE_ROOM, reached(tenant, each, usedUp));
                }
            }
        }
    }

    /** Whose the workload is may know nothing of what its tenant is a part of. */
    private static String reached(String tenant, Workload workload, boolean usedUp) {
        boolean own = tenant.equals(workload.spec.tenant());
        if (usedUp) {
            return own
                    ? "the budget of " + tenant + " is used up"
                    : "what its tenant is a part of has used up its budget";
        }
        return (own ? tenant : "what its tenant is a part of") + " holds more than it may";
    }

    /** The weakest standing first, then who came last. */
    private List<Workload> within(String tenant) {
        List<Workload> own = new ArrayList<>();
        for (Node node : registry.nodes()) {
            for (Workload workload : node.workloads) {
                if (TenantPath.isWithin(workload.spec.tenant(), tenant)) {
                    own.add(workload);
                }
            }
        }
        own.sort(Comparator.<Workload, Tier>comparing(workload -> workload.standing)
                .thenComparingLong(workload -> workload.number)
                .reversed());
        return own;
    }

    private Resources capacity() {
        Resources capacity = Resources.NONE;
        for (Node node : registry.nodes()) {
            capacity = capacity.plus(node.capacity());
        }
        return capacity;
    }

    static Answer unknown(String id) {
        return Answer.refused("there is no workload " + id + "; 'ingot pool ps' lists them");
    }

    private static Answer unknownNode(String name) {
        return Answer.refused("there is no node " + name + "; 'ingot nodes' lists them");
    }
}
