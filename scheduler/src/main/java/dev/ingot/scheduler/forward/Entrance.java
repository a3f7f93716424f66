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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The stable address of one service, and the connections that came in there. Confined to the forwarder's thread. */
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
    private @Nullable Target target;
    private long livingEpoch;
    private long livingUntilNanos;
    /** The program is about to be suspended. */
    private boolean draining;

    Entrance(Forwarding first, EventLoop loop, ForwardLimits limits, IntSupplier connectionsOfAll) {
        this.workload = first.workload();
        this.port = first.port();
        this.loop = loop;
        this.limits = limits;
        this.connectionsOfAll = connectionsOfAll;
    }

    boolean isOf(String id) {
        return workload.equals(id);
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
        livingEpoch = now.livingEpoch();
        livingUntilNanos = now.livingUntilNanos();
        if (server == null) {
            listen(nowNanos);
        }
        // That the program is to go on where it is.
        boolean stays = now.target() != null;
        if (draining && stays) {
            draining = false;
            relays.forEach(Relay::goOn);
        }
        target = now.target();
        tick(nowNanos);
    }

    void tick(long nowNanos) {
        if (server == null && nowNanos - triedNanos > RETRY_NANOS) {
            listen(nowNanos);
        }
        if (target != null && target.isOver(nowNanos)) {
            target = null;
        }
        boolean over = nowNanos - livingUntilNanos > 0;
        for (Relay relay : List.copyOf(relays)) {
            if (relay.isOpen() && (over || relay.epoch() != livingEpoch)) {
                relay.lose();
            }
        }
        release(nowNanos);
    }

    private void release(long nowNanos) {
        Target now = target;
        if (now != null && !draining) {
            for (Relay relay : List.copyOf(relays)) {
                if (relay.mayConnect(nowNanos)) {
                    relay.connect(now);
                }
            }
        }
    }

    /* ---- Before the program is suspended ---- */

    void drain(long epoch) {
        if (epoch == livingEpoch && !draining) {
            draining = true;
            target = null;
            List.copyOf(relays).forEach(Relay::holdIfUntouched);
        }
    }

    boolean isDraining() {
        return draining;
    }

    boolean isBusy(long nowNanos) {
        return relays.stream().anyMatch(relay -> relay.isBusy(nowNanos));
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
        boolean waits = target == null || draining;
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
        return target == null ? port.holdMillis() : Math.max(port.holdMillis(), CONNECT_MILLIS);
    }

    /** Whether there is no other place now for connections than where the program is. */
    boolean isCurrent(Target wanted) {
        return target != null && !draining && target.isSamePlace(wanted);
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
