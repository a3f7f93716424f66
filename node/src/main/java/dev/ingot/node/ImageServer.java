package dev.ingot.node;

import dev.ingot.scheduler.wire.HeldImage;
import dev.ingot.scheduler.wire.ImageOffer;
import dev.ingot.scheduler.wire.ImageTicket;
import dev.ingot.scheduler.wire.PoolDirectory;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves the images on this node's disk to other nodes, by TLS, to whoever shows a {@link ImageTicket ticket} of the pool. The key by which
 * tickets are made is a new one every five minutes, and the one before holds as long again. Thread-safe.
 */
final class ImageServer implements AutoCloseable {
    private static final long KEY_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final int KEY_BYTES = 32;
    private static final int MOST_CONNECTIONS = 64;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_LINE_BYTES = 1024;
    private static final int MAX_HEADER_BYTES = 4096;
    private static final int MAX_CONTENT_BYTES = 1024;
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 64;
    private static final int END_MILLIS = 1000;

    static {
        // It would print warnings on newer JDKs, and nothing here is in need of it.
        System.setProperty("io.netty.noUnsafe", "true");
    }

    private final PoolDirectory home;
    private final ImageShelf shelf;
    private final String certificate;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ExecutorService readers = readers();
    private final AtomicInteger connections = new AtomicInteger();
    private final SecureRandom random = new SecureRandom();
    private final int port;
    private String key = "";
    private @Nullable String keyBefore;
    private long keySince;

    /**
     * Begins to serve.
     *
     * @param own what it shows
     * @throws IOException if the port cannot be had
     */
    ImageServer(PoolDirectory home, ImageShelf shelf, InetSocketAddress address, NodeCertificate own)
            throws IOException {
        this.home = home;
        this.shelf = shelf;
        this.certificate = own.hash();
        SslContext tls = SslContextBuilder.forServer(own.key(), own.certificate())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
        renewKey();
        try {
            Channel channel = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel child) {
                            accept(child, tls);
                        }
                    })
                    .bind(address)
                    .syncUninterruptibly()
                    .channel();
            this.port = ((InetSocketAddress) channel.localAddress()).getPort();
        } catch (RuntimeException failure) {
            close();
            throw new IOException("cannot listen at " + address + ": " + failure.getMessage(), failure);
        }
    }

    private static ExecutorService readers() {
        return new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "ingot images");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private void accept(Channel child, SslContext tls) {
        if (connections.incrementAndGet() > MOST_CONNECTIONS) {
            connections.decrementAndGet();
            Object unused = child.close();
            return;
        }
        Object unused = child.closeFuture().addListener(closed -> connections.decrementAndGet());
        child.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
                .addLast(tls.newHandler(child.alloc()))
                .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_LINE_BYTES))
                .addLast(new HttpObjectAggregator(MAX_CONTENT_BYTES, true))
                .addLast(new FlowControlHandler())
                .addLast(new ImageRequests(this, readers));
    }

    /** Has tickets be made by another key from now on. */
    final synchronized void renewKey() {
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        keyBefore = key.isEmpty() ? null : key;
        key = HexFormat.of().formatHex(fresh);
        keySince = System.nanoTime();
    }

    /** Where it serves. */
    synchronized ImageOffer.Door door() {
        if (System.nanoTime() - keySince > KEY_NANOS) {
            renewKey();
        }
        return new ImageOffer.Door(port, certificate, key);
    }

    /** Whether a ticket is one of those that the pool has given out, or can have. */
    synchronized boolean isGood(String ticket, String receiver, String workload, long epoch, String image) {
        String before = keyBefore;
        return ImageTicket.isSame(ticket, ImageTicket.of(key, receiver, workload, epoch, image))
                || (before != null
                        && ImageTicket.isSame(ticket, ImageTicket.of(before, receiver, workload, epoch, image)));
    }

    /** An image, if it is there. */
    @Nullable Path image(String workload, String image) {
        // Names are compared with what is there before they become part of a path.
        return shelf.held().contains(new HeldImage(workload, image))
                ? home.images(workload).resolve(workload).resolve(image)
                : null;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, END_MILLIS, TimeUnit.MILLISECONDS).syncUninterruptibly();
        readers.shutdownNow();
    }
}
