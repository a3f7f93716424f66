package dev.ingot.scheduler.forward;

import dev.ingot.scheduler.pool.ServicePort;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The stable address of one service, and the connections that came in there. Those that serve get new ones in turn. Confined to the forwarder's
 * thread.
 */
final class Entrance {
    private static final int BACKLOG = 1024;
    private static final int CONNECT_MILLIS = 2000;
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String workload;
    private final ServicePort port;
    private final EventLoop loop;
    private final ForwardLimits limits;
    private final IntSupplier connectionsOfAll;
    private final Set<Relay> relays = new LinkedHashSet<>();
    private @Nullable Channel server;
    private boolean binding;
    private boolean closed;
    private @Nullable String problem;
    private long triedNanos;
    /** Those that serve here, by workload. */
    private Map<String, Living> copies = Map.of();
    /** Where new connections go. */
    private List<Target> targets = List.of();
    /** Of these, who has the next one. */
    private int turn;
    /** Workloads whose programs are about to be suspended. */
    private final Set<String> draining = new HashSet<>();

    Entrance(Forwarding first, EventLoop loop, ForwardLimits limits, IntSupplier connectionsOfAll) {
        this.workload = first.workload();
        this.port = first.port();
        this.loop = loop;
        this.limits = limits;
        this.connectionsOfAll = connectionsOfAll;
    }

    boolean isOf(String id) {
        return copies.containsKey(id);
    }

    int connections() {
        return relays.size();
    }

    private int held() {
        return (int) relays.stream().filter(Relay::isHeld).count();
    }

    EntranceState state() {
        return new EntranceState(workload, port, server != null, problem, relays.size(), held());
    }

    ForwardLimits limits() {
        return limits;
    }

    void update(Forwarding now, long nowNanos) {
        Map<String, Living> next = new LinkedHashMap<>();
        now.copies().forEach(copy -> next.put(copy.workload(), copy));
        copies = next;
        if (server == null) {
            listen(nowNanos);
        }
        draining.retainAll(next.keySet());
        for (Living copy : next.values()) {
            // That the program is to go on where it is.
            boolean stays = copy.address() != null;
            if (stays && draining.remove(copy.workload())) {
                relaysTo(copy.workload()).forEach(Relay::goOn);
            }
        }
        tick(nowNanos);
    }

    void tick(long nowNanos) {
        if (server == null && nowNanos - triedNanos > RETRY_NANOS) {
            listen(nowNanos);
        }
        findTargets(nowNanos);
        for (Relay relay : List.copyOf(relays)) {
            if (relay.isOpen() && !lives(relay.target(), nowNanos)) {
                relay.lose();
            }
        }
        release(nowNanos);
    }

    private boolean lives(@Nullable Target target, long nowNanos) {
        Living copy = target == null ? null : copies.get(target.workload());
        return target != null && copy != null && copy.epoch() == target.epoch() && !copy.isOver(nowNanos);
    }

    private void findTargets(long nowNanos) {
        List<Target> found = new ArrayList<>();
        for (Living copy : copies.values()) {
            InetSocketAddress address = copy.address();
            if (address != null && !copy.isOver(nowNanos) && !draining.contains(copy.workload())) {
                found.add(new Target(copy.workload(), copy.epoch(), address));
            }
        }
        targets = found;
    }

    private void release(long nowNanos) {
        if (!targets.isEmpty()) {
            for (Relay relay : List.copyOf(relays)) {
                if (relay.mayConnect(nowNanos)) {
                    turn = (turn + 1) % targets.size();
                    relay.connect(targets.get(turn));
                }
            }
        }
    }

    private List<Relay> relaysTo(String copy) {
        return relays.stream()
                .filter(relay -> {
                    Target target = relay.target();
                    return target != null && target.workload().equals(copy);
                })
                .toList();
    }

    /* ---- Before the program is suspended ---- */

    void drain(String copy, long epoch) {
        Living living = copies.get(copy);
        if (living != null && living.epoch() == epoch && draining.add(copy)) {
            long now = System.nanoTime();
            findTargets(now);
            relaysTo(copy).forEach(Relay::holdIfUntouched);
            release(now);
        }
    }

    boolean isDraining(@Nullable Target target) {
        return target != null && draining.contains(target.workload());
    }

    boolean isBusy(String copy, long nowNanos) {
        return relaysTo(copy).stream().anyMatch(relay -> relay.isBusy(nowNanos));
    }

    /* ---- Connections ---- */

    private void listen(long nowNanos) {
        if (binding || closed) {
            return;
        }
        triedNanos = nowNanos;
        binding = true;
        try {
            new ServerBootstrap()
                    .group(loop, loop)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .childOption(ChannelOption.AUTO_READ, false)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel client) {
                            accept(client);
                        }
                    })
                    .bind(Forwarder.address(port))
                    .addListener((ChannelFutureListener) this::bound);
        } catch (IOException impossible) {
            binding = false;
            problem = String.valueOf(impossible.getMessage());
        }
    }

    private void bound(ChannelFuture bound) {
        binding = false;
        if (!bound.isSuccess()) {
            problem = String.valueOf(bound.cause().getMessage());
        } else if (closed) {
            Object unused = bound.channel().close();
        } else {
            server = bound.channel();
            problem = null;
        }
    }

    private void accept(Channel client) {
        Relay relay = new Relay(this, client, loop);
        boolean waits = targets.isEmpty();
        boolean full = relays.size() >= limits.connections() || connectionsOfAll.getAsInt() >= limits.all();
        boolean tooMany = waits && (held() >= limits.held() || port.holdMillis() == 0);
        // What is to be done with the channel has to wait until it is of its loop, which it becomes behind this.
        if (closed || full || tooMany) {
            loop.execute(() -> Relay.reset(client));
            return;
        }
        relays.add(relay);
        client.pipeline().addLast(relay.clientSide());
        relay.hold();
        loop.execute(() -> {
            client.read();
            release(System.nanoTime());
        });
    }

    /** How long a connection that comes, or comes back, waits; where there is a program, at least as long as it takes to reach that. */
    long patienceMillis() {
        return targets.isEmpty() ? port.holdMillis() : Math.max(port.holdMillis(), CONNECT_MILLIS);
    }

    /** Whether connections may still go there. */
    boolean isCurrent(Target wanted) {
        return targets.contains(wanted);
    }

    void remove(Relay relay) {
        relays.remove(relay);
    }

    ChannelFuture connect(Target to, Relay relay) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(relay.programSide())
                .connect(to.address());
    }

    void close() {
        closed = true;
        if (server != null) {
            Object unused = server.close();
            server = null;
        }
        List.copyOf(relays).forEach(Relay::cut);
    }
}
