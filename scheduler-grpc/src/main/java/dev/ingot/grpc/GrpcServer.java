package dev.ingot.grpc;

import dev.ingot.scheduler.control.Listen;
import dev.ingot.scheduler.control.PoolService;
import dev.ingot.scheduler.control.ServedApi;
import dev.ingot.scheduler.control.ServerTls;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Serves a pool by gRPC at a port of its own. Whoever comes must prove who it is; what no pool needs is refused before it is parsed.
 * Thread-safe.
 */
final class GrpcServer implements ServedApi {
    /** A piece of a file, and what is said about it. */
    static final int MAX_MESSAGE_BYTES = (1 << 20) + (16 << 10);

    private static final int MAX_METADATA_BYTES = 16 << 10;
    static final int MOST_CALLS_OF_CONNECTION = 64;
    private static final int MOST_RESETS = 100;
    private static final int RESET_SECONDS = 10;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final int IDLE_SECONDS = 60;
    /** Who follows may ask so often whether there still is somebody. */
    private static final int LEAST_PING_SECONDS = 10;
    /** So soon one is found out who went without a word. */
    private static final int PING_SECONDS = 30;

    private static final int PING_PATIENCE_SECONDS = 10;
    private static final int THREADS = 2;
    private static final int END_MILLIS = 1000;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    /** Once this has ended, what still comes from the pool is of interest to nobody. */
    private final ExecutorService executor = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemon(),
            new ThreadPoolExecutor.DiscardPolicy());

    private final HealthStatusManager health = new HealthStatusManager();
    private final PoolEndpoint endpoint;
    private final Server server;
    private final URI uri;

    private GrpcServer(PoolService service, Listen listen) throws IOException {
        this.endpoint = new PoolEndpoint(service, executor);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(listen.address())
                .bossEventLoopGroup(group)
                .workerEventLoopGroup(group)
                .channelFactory(() -> new CountedServerChannel(service.gate()))
                .executor(executor)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                // No request is so large that packing it is worth what unpacking may cost here.
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
                .maxConcurrentCallsPerConnection(MOST_CALLS_OF_CONNECTION)
                .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
                .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .maxConnectionIdle(IDLE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(false)
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_PATIENCE_SECONDS, TimeUnit.SECONDS)
                .intercept(new Authentication(service.gate()))
                .addService(endpoint)
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        if (listen.isEncrypted()) {
            builder.sslContext(GrpcSslContexts.configure(ServerTls.builder(listen), SslProvider.JDK)
                    .build());
        }
        this.server = builder.build().start();
        this.uri = listen.uri("grpc", server.getPort());
    }

    private static ThreadFactory daemon() {
        return task -> {
            Thread thread = new Thread(task, "ingot-grpc");
            thread.setDaemon(true);
            return thread;
        };
    }

    static GrpcServer start(PoolService service, Listen listen) throws IOException {
        return new GrpcServer(service, listen);
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        endpoint.endStreams();
        try {
            if (!server.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
        group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
