package dev.ingot.scheduler.forward;

import dev.ingot.scheduler.pool.ServicePort;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Listens where services are to be reached, and carries connections to where they are. Thread-safe; everything is done by its one thread,
 * apart from that of the API, so that what programs send holds up no beats.
 */
public final class Forwarder implements AutoCloseable {
    private static final long PERIOD_MILLIS = 50;
    private static final int END_MILLIS = 1000;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ForwardLimits limits;
    private final Map<String, Entrance> entrances = new HashMap<>();
    /** How each entrance is, for other threads. */
    private final Map<String, EntranceState> states = new ConcurrentHashMap<>();
    /** Epochs whose programs are to be suspended, and whether nothing speaks against that any more. */
    private final Map<Farewell, Boolean> farewells = new ConcurrentHashMap<>();

    /** A request to suspend an epoch. */
    private record Farewell(String workload, long epoch, long attempt) {
        boolean isOf(Forwarding forwarding) {
            return forwarding.copies().stream()
                    .anyMatch(copy -> copy.workload().equals(workload) && copy.epoch() <= epoch);
        }
    }

    public Forwarder(ForwardLimits limits) {
        this.limits = limits;
        Future<?> ticking =
                loop.scheduleWithFixedDelay(this::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        ticking.addListener(ended -> {
            if (ended.cause() != null && !ended.isCancelled()) {
                System.err.println("ingot: services are not looked after any more: " + ended.cause());
            }
        });
    }

    /**
     * Makes these the services that are reached, and no others.
     *
     * @return once it has been tried to listen for all of them
     */
    public CompletableFuture<Void> update(List<Forwarding> all) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            long now = System.nanoTime();
            Set<String> wanted = new HashSet<>();
            for (Forwarding each : all) {
                wanted.add(each.key());
                entrances
                        .computeIfAbsent(each.key(), key -> new Entrance(each, loop, limits, this::connections))
                        .update(each, now);
            }
            entrances.entrySet().removeIf(entry -> {
                boolean gone = !wanted.contains(entry.getKey());
                if (gone) {
                    entry.getValue().close();
                }
                return gone;
            });
            farewells.keySet().removeIf(farewell -> all.stream().noneMatch(farewell::isOf));
            publish();
            // Behind the binding, which was given to the same thread just now.
            loop.execute(() -> {
                publish();
                done.complete(null);
            });
        });
        return done;
    }

    private int connections() {
        return entrances.values().stream().mapToInt(Entrance::connections).sum();
    }

    private void tick() {
        long now = System.nanoTime();
        entrances.values().forEach(entrance -> entrance.tick(now));
        publish();
    }

    private void publish() {
        states.keySet().retainAll(entrances.keySet());
        entrances.forEach((key, entrance) -> states.put(key, entrance.state()));
    }

    /**
     * Whether a program may be suspended now. The first time this is asked, connections begin to be held instead of being carried to it;
     * then what it was asked and has not answered yet is waited for, for the time of {@link ForwardLimits#grace} at most.
     *
     * @param attempt tells requests to suspend the same epoch apart
     */
    public boolean mayStop(String workload, long epoch, long attempt) {
        Farewell farewell = new Farewell(workload, epoch, attempt);
        Boolean done = farewells.putIfAbsent(farewell, false);
        if (done == null) {
            loop.execute(
                    () -> drain(farewell, System.nanoTime() + limits.grace().toNanos()));
            return false;
        }
        return done;
    }

    private void drain(Farewell farewell, long untilNanos) {
        long now = System.nanoTime();
        boolean busy = false;
        for (Entrance entrance : entrances.values()) {
            if (entrance.isOf(farewell.workload())) {
                entrance.drain(farewell.workload(), farewell.epoch());
                busy |= entrance.isBusy(farewell.workload(), now);
            }
        }
        if (busy && now < untilNanos) {
            Object unused = loop.schedule(() -> drain(farewell, untilNanos), PERIOD_MILLIS / 5, TimeUnit.MILLISECONDS);
        } else {
            farewells.replace(farewell, true);
        }
    }

    /**
     * Makes sure that a service can be reached where it is to be.
     *
     * @throws IOException if somebody else listens there, or nobody can
     */
    public void requireFree(ServicePort port) throws IOException {
        if (states.values().stream()
                .noneMatch(state -> state.listening() && state.port().excludes(port))) {
            try (ServerSocket trial = new ServerSocket()) {
                trial.setReuseAddress(true);
                trial.bind(address(port));
            }
        }
    }

    static InetSocketAddress address(ServicePort port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(port.host()), port.entrance());
    }

    /** How the services of a workload, or a gang, are reached. */
    public List<EntranceState> states(String workload) {
        return states.values().stream()
                .filter(state -> Objects.equals(state.workload(), workload))
                .toList();
    }

    @Override
    public void close() {
        loop.submit(() -> {
                    entrances.values().forEach(Entrance::close);
                    entrances.clear();
                    publish();
                })
                .syncUninterruptibly();
        group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
