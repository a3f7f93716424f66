package dev.ingot.scheduler.control;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Serves the pool's API as HTTP with JSON at a Unix-domain socket. There is no other way in: who may enter the socket's directory
 * may do everything.
 */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 4 << 20;
    private static final int END_MILLIS = 1000;

    static {
        // It would print warnings on newer JDKs, and nothing here is in need of it.
        System.setProperty("io.netty.noUnsafe", "true");
    }

    private final Path socket;
    private final EventLoopGroup group;
    private final Channel channel;

    private ApiServer(Path socket, EventLoopGroup group, Channel channel) {
        this.socket = socket;
        this.group = group;
        this.channel = channel;
    }

    /**
     * Begins to serve.
     *
     * @param socket in a directory that is its owner's alone; what a dead process left there is replaced
     * @throws IOException if the socket cannot be made
     */
    public static ApiServer start(Path socket, ControlPlane plane) throws IOException {
        Files.deleteIfExists(socket);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerDomainSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel child) {
                            child.pipeline()
                                    .addLast(new HttpServerCodec())
                                    .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                                    .addLast(new ApiHandler(new Api(plane)));
                        }
                    })
                    .bind(UnixDomainSocketAddress.of(socket))
                    .syncUninterruptibly()
                    .channel();
            return new ApiServer(socket, group, channel);
        } catch (RuntimeException failure) {
            end(group);
            throw new IOException("cannot open the socket " + socket + ": " + failure.getMessage(), failure);
        }
    }

    /** Where it serves. */
    public Path socket() {
        return socket;
    }

    private static void end(EventLoopGroup group) {
        group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    @Override
    public void close() throws IOException {
        channel.close().syncUninterruptibly();
        end(group);
        Files.deleteIfExists(socket);
    }
}
