package dev.ingot.grpc;

import dev.ingot.grpc.v1.Alternative;
import dev.ingot.grpc.v1.Entrance;
import dev.ingot.grpc.v1.Event;
import dev.ingot.grpc.v1.GetWorkloadResponse;
import dev.ingot.grpc.v1.HistoryEntry;
import dev.ingot.grpc.v1.Image;
import dev.ingot.grpc.v1.ListWorkloadsResponse;
import dev.ingot.grpc.v1.Node;
import dev.ingot.grpc.v1.PlacementRule;
import dev.ingot.grpc.v1.PlanResponse;
import dev.ingot.grpc.v1.Resources;
import dev.ingot.grpc.v1.Role;
import dev.ingot.grpc.v1.ServicePort;
import dev.ingot.grpc.v1.ShippedFile;
import dev.ingot.grpc.v1.Tenant;
import dev.ingot.grpc.v1.Tier;
import dev.ingot.grpc.v1.TierUse;
import dev.ingot.grpc.v1.UsageSample;
import dev.ingot.grpc.v1.WhoAmIResponse;
import dev.ingot.grpc.v1.Workload;
import dev.ingot.grpc.v1.WorkloadSpec;
import dev.ingot.grpc.v1.WorkloadState;
import dev.ingot.scheduler.access.Identity;
import dev.ingot.scheduler.control.Operations;
import dev.ingot.scheduler.forward.EntranceState;
import dev.ingot.scheduler.pool.AcceleratorKind;
import dev.ingot.scheduler.pool.BudgetUse;
import dev.ingot.scheduler.pool.ImageReference;
import dev.ingot.scheduler.pool.Level;
import dev.ingot.scheduler.pool.NodeView;
import dev.ingot.scheduler.pool.PoolEvent;
import dev.ingot.scheduler.pool.TenantView;
import dev.ingot.scheduler.pool.TierView;
import dev.ingot.scheduler.pool.Usage;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.PoolJson;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pool's records as messages. */
final class Messages {
    private Messages() {}

    private static <T> void ifThere(@Nullable T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    static Tier tier(dev.ingot.scheduler.pool.Tier tier) {
        return switch (tier) {
            case PREMIUM -> Tier.TIER_PREMIUM;
            case STANDARD -> Tier.TIER_STANDARD;
            case BASIC -> Tier.TIER_BASIC;
        };
    }

    static Role role(dev.ingot.scheduler.access.Role role) {
        return switch (role) {
            case VIEWER -> Role.ROLE_VIEWER;
            case OPERATOR -> Role.ROLE_OPERATOR;
            case ADMIN -> Role.ROLE_ADMIN;
            case NODE -> Role.ROLE_NODE;
        };
    }

    static WorkloadState state(dev.ingot.scheduler.pool.WorkloadState state) {
        return switch (state) {
            case QUEUED -> WorkloadState.WORKLOAD_STATE_QUEUED;
            case STARTING -> WorkloadState.WORKLOAD_STATE_STARTING;
            case RUNNING -> WorkloadState.WORKLOAD_STATE_RUNNING;
            case SUSPENDING -> WorkloadState.WORKLOAD_STATE_SUSPENDING;
            case HELD -> WorkloadState.WORKLOAD_STATE_HELD;
            case CANCELLING -> WorkloadState.WORKLOAD_STATE_CANCELLING;
            case DONE -> WorkloadState.WORKLOAD_STATE_DONE;
            case FAILED -> WorkloadState.WORKLOAD_STATE_FAILED;
            case CANCELLED -> WorkloadState.WORKLOAD_STATE_CANCELLED;
        };
    }

    static Resources resources(dev.ingot.scheduler.pool.Resources amount) {
        return Resources.newBuilder()
                .setMilliCores(amount.milliCores())
                .setMemoryMib(amount.memoryMiB())
                .setMilliDevices(amount.milliDevices())
                .setKind(
                        amount.kind() == AcceleratorKind.ANY
                                ? ""
                                : amount.kind().text())
                .build();
    }

    static dev.ingot.scheduler.pool.Resources resources(Resources amount) {
        return new dev.ingot.scheduler.pool.Resources(
                amount.getMilliCores(), amount.getMemoryMib(), amount.getMilliDevices());
    }

    static WhoAmIResponse whoAmI(Identity who) {
        WhoAmIResponse.Builder message =
                WhoAmIResponse.newBuilder().setName(who.name()).setRole(role(who.role()));
        ifThere(who.tenant(), message::setTenant);
        return message.build();
    }

    private static WorkloadSpec spec(dev.ingot.scheduler.pool.WorkloadSpec spec) {
        WorkloadSpec.Builder message = WorkloadSpec.newBuilder()
                .setName(spec.name())
                .setTenant(spec.tenant())
                .setTier(tier(spec.tier()))
                .setPriority(spec.priority())
                .addAllCommand(spec.command())
                .setDirectory(spec.directory())
                .putAllEnvironment(spec.environment())
                .setCheckpointMillis(spec.checkpointMillis())
                .setMinimumRunMillis(spec.minimumRunMillis())
                .setGang(spec.gang())
                .setLeast(spec.least())
                .setNeeds(resources(spec.needs()));
        for (dev.ingot.scheduler.pool.ServicePort service : spec.services()) {
            message.addServices(ServicePort.newBuilder()
                    .setName(service.name())
                    .setPort(service.port())
                    .setAddress(service.address())
                    .setHoldMillis(service.holdMillis()));
        }
        for (dev.ingot.scheduler.pool.ShippedFile file : spec.files()) {
            message.addFiles(ShippedFile.newBuilder()
                    .setName(file.name())
                    .setSha256(file.sha256())
                    .setBytes(file.bytes()));
        }
        if (spec.namesAccelerators()) {
            for (dev.ingot.scheduler.pool.Alternative each : spec.alternatives()) {
                message.addAlternatives(Alternative.newBuilder()
                        .setKind(each.kind().text())
                        .setNeeds(resources(each.needs()))
                        .setSpeed(each.speed()));
            }
        }
        if (!spec.placement().isNone()) {
            message.setPlacement(placement(spec.placement()));
        }
        return message.build();
    }

    private static PlacementRule placement(dev.ingot.scheduler.pool.PlacementRule rule) {
        PlacementRule.Builder message =
                PlacementRule.newBuilder().setWithin(rule.within().path());
        Level together = rule.together();
        if (together != null) {
            message.setTogether(PoolJson.text(together));
        }
        rule.spread().forEach((level, most) -> message.putSpread(PoolJson.text(level), most));
        return message.build();
    }

    private static Workload.Builder workload(WorkloadView view) {
        Workload.Builder message = Workload.newBuilder()
                .setId(view.id())
                .setSpec(spec(view.spec()))
                .setStanding(tier(view.standing()))
                .setState(state(view.state()))
                .setEpoch(view.epoch())
                .addAllDevices(view.devices())
                .setChoice(view.choice())
                .setExitCode(view.exitCode())
                .setSubmittedMillis(view.submittedMillis())
                .setRefusedAttempts(view.refusedAttempts())
                .setServed(view.served())
                .setDue(view.due());
        ifThere(view.node(), message::setNode);
        ifThere(view.claim(), message::setClaim);
        ifThere(view.problem(), message::setProblem);
        ImageReference image = view.image();
        if (image != null) {
            message.setImage(Image.newBuilder()
                    .setDirectory(image.directory())
                    .setSequence(image.sequence())
                    .setBytes(image.bytes()));
        }
        return message;
    }

    static GetWorkloadResponse workload(Operations.WorkloadDetails details) {
        Workload.Builder workload = workload(details.view());
        for (dev.ingot.scheduler.pool.Event event : details.view().history()) {
            HistoryEntry.Builder entry = HistoryEntry.newBuilder()
                    .setAtMillis(event.atMillis())
                    .setState(state(event.state()))
                    .setEpoch(event.epoch())
                    .setReason(event.reason());
            ifThere(event.node(), entry::setNode);
            workload.addHistory(entry);
        }
        GetWorkloadResponse.Builder message =
                GetWorkloadResponse.newBuilder().setWorkload(workload).addAllWhy(details.why());
        for (EntranceState state : details.entrances()) {
            Entrance.Builder entrance = Entrance.newBuilder()
                    .setName(state.port().name())
                    .setAddress(state.port().address())
                    .setConnections(state.connections())
                    .setHeld(state.held());
            ifThere(state.problem(), entrance::setProblem);
            message.addEntrances(entrance);
        }
        return message.build();
    }

    static ListWorkloadsResponse workloads(Operations.Workloads workloads) {
        ListWorkloadsResponse.Builder message =
                ListWorkloadsResponse.newBuilder().setClosed(workloads.closed());
        workloads.page().workloads().forEach(view -> message.addWorkloads(workload(view)));
        long next = workloads.page().next();
        return (next == 0 ? message : message.setNextPageToken(Long.toString(next))).build();
    }

    static Node node(NodeView view) {
        Node.Builder message = Node.newBuilder()
                .setName(view.name())
                .setIncarnation(view.incarnation())
                .setAlive(view.alive())
                .setCordoned(view.cordoned())
                .setWorkloads(view.workloads())
                .setQuarantinedUntil(view.quarantinedUntil())
                .setHealth(view.health().text())
                .setHealthUntil(view.healthUntil())
                .setCapacity(resources(view.capacity()))
                .setUsed(resources(view.used()))
                .setLocation(view.location().path());
        view.devices().counts().forEach((kind, count) -> message.putDeviceKinds(kind.text(), count));
        view.findings().forEach((probe, found) -> message.putFindings(probe.text(), found));
        return message.build();
    }

    static Tenant tenant(TenantView view) {
        Tenant.Builder message = Tenant.newBuilder()
                .setName(view.name())
                .setReserved(resources(view.reserved()))
                .setUsed(resources(view.used()))
                .setUsedOfReservation(resources(view.usedOfReservation()))
                .setLimits(Limits.limits(view.limits()));
        BudgetUse use = view.budgetUse();
        if (use != null) {
            message.setBudgetUse(Limits.use(use));
        }
        return message.build();
    }

    static TierUse tier(TierView view) {
        return TierUse.newBuilder()
                .setTier(tier(view.tier()))
                .setRunning(view.running())
                .setQueued(view.queued())
                .setHeld(view.held())
                .setUsed(resources(view.used()))
                .setServed(view.served())
                .setDue(view.due())
                .setLacking(view.lacking())
                .build();
    }

    static UsageSample usage(Usage usage) {
        return UsageSample.newBuilder()
                .setAtMillis(usage.atMillis())
                .setCapacity(resources(usage.capacity()))
                .setReserved(resources(usage.reserved()))
                .setUsedOfReservations(resources(usage.usedOfReservations()))
                .setUsedByPremium(used(usage, dev.ingot.scheduler.pool.Tier.PREMIUM))
                .setUsedByStandard(used(usage, dev.ingot.scheduler.pool.Tier.STANDARD))
                .setUsedByBasic(used(usage, dev.ingot.scheduler.pool.Tier.BASIC))
                .setRunning(usage.running())
                .setQueued(usage.queued())
                .build();
    }

    private static Resources used(Usage usage, dev.ingot.scheduler.pool.Tier tier) {
        return resources(usage.used().getOrDefault(tier, dev.ingot.scheduler.pool.Resources.NONE));
    }

    static PlanResponse plan(Operations.Plan plan) {
        PlanResponse.Builder message =
                PlanResponse.newBuilder().setId(plan.id()).addAllWhy(plan.why());
        plan.events().forEach(event -> message.addEvents(event(event)));
        return message.build();
    }

    static Event event(PoolEvent event) {
        Event.Builder message = Event.newBuilder()
                .setSequence(event.sequence())
                .setAtMillis(event.atMillis())
                .setEpoch(event.epoch())
                .setReason(event.reason());
        ifThere(event.workload(), message::setWorkload);
        ifThere(event.tenant(), message::setTenant);
        ifThere(event.node(), message::setNode);
        dev.ingot.scheduler.pool.WorkloadState state = event.state();
        if (state != null) {
            message.setState(state(state));
        }
        return message.build();
    }
}
