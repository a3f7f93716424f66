package dev.ingot.scheduler.control;

import dev.ingot.scheduler.forward.EntranceState;
import dev.ingot.scheduler.forward.ForwardLimits;
import dev.ingot.scheduler.forward.Forwarder;
import dev.ingot.scheduler.forward.Forwarding;
import dev.ingot.scheduler.forward.Living;
import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Pool;
import dev.ingot.scheduler.pool.ServicePort;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.pool.WorkloadState;
import dev.ingot.scheduler.pool.WorkloadView;
import dev.ingot.scheduler.wire.Listening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has the forwarder know where services are, by what the pool decides and what nodes say. Thread-safe. */
final class ServiceDesk implements AutoCloseable {
    private static final long PERIOD_MILLIS = 200;
    private static final long MOST_WAIT_MILLIS = 2000;
    /** What nodes of this machine beat from. */
    private static final String LOOPBACK = "127.0.0.1";

    private final ControlPlane plane;
    private final ServiceRange range;
    private final Endpoints endpoints;
    private final Forwarder forwarder = new Forwarder(ForwardLimits.usual());
    /** Workloads with services that the pool has not forgotten. */
    private final Set<String> workloads = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean looking = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ingot-services");
        thread.setDaemon(true);
        return thread;
    });

    ServiceDesk(ControlPlane plane, ServiceRange range) {
        this.plane = plane;
        this.range = range;
        this.endpoints = new Endpoints(plane.lease().toNanos());
    }

    /** Begins to serve what the pool has. */
    void begin() {
        workloads.addAll(plane.look((pool, now) -> pool.workloads().stream()
                        .filter(view -> !view.spec().services().isEmpty())
                        .map(WorkloadView::id)
                        .toList())
                .join());
        plane.onEvents(this::look);
        Object unused = timer.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        look();
    }

    /** Looks at the pool once more, if that is not about to happen anyway. */
    private void look() {
        if (!workloads.isEmpty() && looking.compareAndSet(false, true)) {
            Object unused = plane.look((pool, now) -> {
                looking.set(false);
                Object listening = forwarder.update(forwardings(pool));
                return listening;
            });
        }
    }

    private List<Forwarding> forwardings(Pool pool) {
        Map<String, Forwarding> all = new LinkedHashMap<>();
        workloads.removeIf(id -> pool.workload(id) == null);
        for (String id : workloads) {
            WorkloadView view = pool.workload(id);
            if (view != null && !view.state().isEnded()) {
                for (ServicePort port : view.spec().services()) {
                    if (range.allows(port)) {
                        // Copies of a gang have services of one name in common.
                        List<Living> copy = List.of(living(view, port, System.nanoTime()));
                        all.merge(
                                view.gangId() + "/" + port.name(),
                                new Forwarding(view.gangId(), port, copy),
                                ServiceDesk::together);
                    }
                }
            }
        }
        return List.copyOf(all.values());
    }

    private static Forwarding together(Forwarding one, Forwarding other) {
        List<Living> copies = new ArrayList<>(one.copies());
        copies.addAll(other.copies());
        return new Forwarding(one.workload(), one.port(), copies);
    }

    private Living living(WorkloadView view, ServicePort port, long now) {
        String node = view.node();
        String address = node == null ? null : endpoints.address(node, now);
        if (node == null || address == null || !view.state().isPlaced()) {
            return new Living(view.id(), 0, now, null);
        }
        boolean there =
                view.state() == WorkloadState.RUNNING && endpoints.listens(node, view.id(), view.epoch(), port.port());
        return new Living(
                view.id(), view.epoch(), endpoints.untilNanos(node), there ? socketAddress(address, port) : null);
    }

    private static InetSocketAddress socketAddress(String address, ServicePort port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port.port());
        } catch (UnknownHostException impossible) {
            // It was written down from a connection.
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Makes sure that services can be reached where they are to be.
     *
     * @throws Refusal if not
     */
    void requireReachable(WorkloadSpec spec) {
        for (ServicePort port : spec.servicesOfAll()) {
            if (!range.allows(port)) {
                throw new Refusal(
                        Reply.FORBIDDEN,
                        "service " + port.name() + " cannot be reached at " + port.address() + ": this pool allows "
                                + range + "; 'ingot up --services' says what it allows");
            }
            try {
                forwarder.requireFree(port);
            } catch (IOException taken) {
                throw new Refusal(
                        Reply.CONFLICT,
                        "service " + port.name() + " cannot be reached at " + port.address() + ": "
                                + taken.getMessage());
            }
        }
    }

    /**
     * A workload, or gang, with these services is the pool's.
     *
     * @return once who calls there is not refused, if that can be
     */
    CompletableFuture<Void> submitted(String id, WorkloadSpec spec) {
        if (spec.services().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        for (int index = 0; index < spec.gang(); index++) {
            workloads.add(WorkloadView.memberId(id, index));
        }
        CompletableFuture<Void> listening = new CompletableFuture<>();
        Object unused = plane.look((pool, now) -> {
            Object updated = forwarder.update(forwardings(pool)).thenRun(() -> listening.complete(null));
            return updated;
        });
        // It is the pool's all the same: whoever runs that next listens.
        return listening.completeOnTimeout(null, MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A node that has its lease was heard; {@code address} is null for one that comes through the pool's socket. */
    void heard(String node, @Nullable String address, List<Listening> listening) {
        if (endpoints.heard(node, address == null ? LOOPBACK : address, listening, System.nanoTime())) {
            look();
        }
    }

    /** Orders as the node is to see them: who is to be suspended may first answer what it was asked. */
    List<Order> withFarewells(List<Order> orders) {
        return orders.stream().map(this::withFarewell).toList();
    }

    private Order withFarewell(Order order) {
        boolean waits = order.goal() == Goal.SUSPEND
                && !order.spec().services().isEmpty()
                && !forwarder.mayStop(order.workload(), order.epoch(), order.attempt());
        return waits
                ? new Order(
                        order.workload(),
                        order.epoch(),
                        Goal.RUN,
                        order.attempt(),
                        order.devices(),
                        order.choice(),
                        order.company(),
                        order.image(),
                        order.kept(),
                        order.spec())
                : order;
    }

    /** How the services of a workload are reached; those of a gang are by all of its members. */
    List<EntranceState> states(WorkloadView view) {
        Set<String> names =
                view.spec().services().stream().map(ServicePort::name).collect(Collectors.toSet());
        return forwarder.states(view.gangId()).stream()
                .filter(state -> names.contains(state.port().name()))
                .toList();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        forwarder.close();
    }
}
