package dev.ingot.scheduler.control;

import dev.ingot.core.image.Piece;
import dev.ingot.scheduler.wire.PoolDirectory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the pool's API as HTTP with JSON, at a Unix-domain socket, where whoever may enter the socket's directory may do everything,
 * and, if wanted, at a port, where everybody has to prove who it is.
 */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_LOCAL_REQUEST_BYTES = 4 << 20;
    /** What the largest piece of an image has. */
    private static final int MAX_REQUEST_BYTES = Piece.MAX_BYTES;

    private static final int MAX_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MAX_CHUNK_BYTES = 64 << 10;
    private static final int END_MILLIS = 1000;

    static {
        // It would print warnings on newer JDKs, and nothing here is in need of it.
        System.setProperty("io.netty.noUnsafe", "true");
    }

    private final PoolDirectory directory;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();
    private final PoolService service;
    private @Nullable URI uri;

    private ApiServer(PoolDirectory directory, PoolService service) {
        this.directory = directory;
        this.service = service;
    }

    /**
     * Begins to serve.
     *
     * @param directory its owner's alone; a socket that a dead process left there is replaced
     * @param listen null for the socket alone
     * @param range where services of workloads may be reached
     * @throws IOException if the socket or the port cannot be had, or a file that it needs cannot be used
     */
    public static ApiServer start(
            PoolDirectory directory, ControlPlane plane, @Nullable Listen listen, ServiceRange range)
            throws IOException {
        return start(directory, plane, listen, range, Limits.usual());
    }

    /** The same, with other limits. */
    public static ApiServer start(
            PoolDirectory directory, ControlPlane plane, @Nullable Listen listen, ServiceRange range, Limits limits)
            throws IOException {
        ApiServer server = new ApiServer(directory, PoolService.open(directory, plane, range, limits));
        try {
            server.open(listen);
            return server;
        } catch (IOException | RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private void open(@Nullable Listen listen) throws IOException {
        Api api = new Api(service.operations(), service.nodes());
        Files.deleteIfExists(directory.socket());
        bind(NioServerDomainSocketChannel.class, UnixDomainSocketAddress.of(directory.socket()), child -> {
            http(child.pipeline(), MAX_LOCAL_REQUEST_BYTES);
            child.pipeline().addLast(new ApiHandler(api, service.gate(), service.operations(), true));
        });
        if (listen != null) {
            SslContext tls = listen.isEncrypted() ? ServerTls.builder(listen).build() : null;
            Channel channel = bind(NioServerSocketChannel.class, listen.address(), child -> {
                if (tls != null) {
                    child.pipeline().addLast(tls.newHandler(child.alloc()));
                }
                http(child.pipeline(), MAX_REQUEST_BYTES);
                child.pipeline().addLast(new ApiHandler(api, service.gate(), service.operations(), false));
            });
            int port = ((InetSocketAddress) channel.localAddress()).getPort();
            uri = listen.uri(tls == null ? "http" : "https", port);
        }
    }

    private interface Setup {
        void of(Channel child);
    }

    private Channel bind(Class<? extends ServerChannel> type, SocketAddress address, Setup setup) throws IOException {
        try {
            Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(type)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel child) {
                            setup.of(child);
                        }
                    })
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
            channels.add(channel);
            return channel;
        } catch (RuntimeException failure) {
            throw new IOException("cannot listen at " + address + ": " + failure.getMessage(), failure);
        }
    }

    private static void http(ChannelPipeline pipeline, int maxRequestBytes) {
        pipeline.addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES))
                .addLast(new HttpObjectAggregator(maxRequestBytes, true))
                // One request after the other, however many a client sends at once.
                .addLast(new FlowControlHandler());
    }

    /** What it serves, for servers of other protocols; closed with this one. */
    public PoolService service() {
        return service;
    }

    /** Where it serves at a port; null if it does not. */
    public @Nullable URI uri() {
        return uri;
    }

    @Override
    public void close() throws IOException {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
        service.endStreams();
        group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
        service.close();
        Files.deleteIfExists(directory.socket());
    }
}
