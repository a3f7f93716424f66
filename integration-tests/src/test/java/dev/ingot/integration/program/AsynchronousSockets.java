package dev.ingot.integration.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Servers and clients by asynchronous channels: in the group of all, in one of a fixed pool, and in one of a pool of the program's. */
public final class AsynchronousSockets {
    private AsynchronousSockets() {}

    /** Says again what it is told. */
    private static final class Echo implements CompletionHandler<AsynchronousSocketChannel, String> {
        private final AsynchronousServerSocketChannel listener;

        Echo(@Nullable AsynchronousChannelGroup group) throws IOException {
            listener = AsynchronousServerSocketChannel.open(group)
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.accept("server", this);
        }

        InetSocketAddress address() throws IOException {
            return (InetSocketAddress) listener.getLocalAddress();
        }

        @Override
        public void completed(AsynchronousSocketChannel connection, String what) {
            listener.accept(what, this);
            new Conversation(connection).listen();
        }

        @Override
        public void failed(Throwable failure, String what) {
            System.out.println(what + " ended: " + failure.getClass().getSimpleName());
        }
    }

    private static final class Conversation implements CompletionHandler<Integer, ByteBuffer> {
        private static final CountDownLatch OVER = new CountDownLatch(2);

        private final AsynchronousSocketChannel connection;

        Conversation(AsynchronousSocketChannel connection) {
            this.connection = connection;
        }

        void listen() {
            connection.read(ByteBuffer.allocate(20), 10, TimeUnit.MINUTES, ByteBuffer.allocate(0), new Listener());
        }

        /** Keeps the buffer that is read into. */
        private final class Listener implements CompletionHandler<Integer, ByteBuffer> {
            @Override
            public void completed(Integer bytes, ByteBuffer unused) {
                if (bytes < 0) {
                    OVER.countDown();
                    return;
                }
                Pace.step();
                ByteBuffer answer = ByteBuffer.wrap(("you said " + bytes + " bytes").getBytes(StandardCharsets.UTF_8));
                connection.write(answer, answer, Conversation.this);
            }

            @Override
            public void failed(Throwable failure, ByteBuffer unused) {
                System.out.println("a read failed: " + failure);
            }
        }

        @Override
        public void completed(Integer bytes, ByteBuffer answer) {
            if (answer.hasRemaining()) {
                connection.write(answer, answer, this);
            } else {
                listen();
            }
        }

        @Override
        public void failed(Throwable failure, ByteBuffer answer) {
            System.out.println("a write failed: " + failure);
        }
    }

    /** Hands over what was read. */
    private static final class Hearing implements CompletionHandler<Integer, ByteBuffer> {
        private final SynchronousQueue<String> heard = new SynchronousQueue<>();

        @Override
        public void completed(Integer bytes, ByteBuffer read) {
            tell(StandardCharsets.UTF_8.decode(read.flip()).toString());
        }

        @Override
        public void failed(Throwable failure, ByteBuffer read) {
            tell("failed: " + failure);
        }

        private void tell(String what) {
            try {
                heard.put(what);
            } catch (InterruptedException unexpected) {
                throw new IllegalStateException("nobody interrupts this program", unexpected);
            }
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        AsynchronousChannelGroup fixed =
                AsynchronousChannelGroup.withFixedThreadPool(2, Executors.defaultThreadFactory());
        AsynchronousChannelGroup own = AsynchronousChannelGroup.withThreadPool(Executors.newFixedThreadPool(2));
        Echo first = new Echo(null);
        Echo second = new Echo(fixed);
        Hearing hearing = new Hearing();
        try (AsynchronousSocketChannel plain = AsynchronousSocketChannel.open();
                AsynchronousSocketChannel handled = AsynchronousSocketChannel.open(own)) {
            plain.connect(first.address()).get();
            handled.connect(second.address()).get();
            for (int round = 0; round < Pace.ROUNDS; round++) {
                ByteBuffer said = ByteBuffer.wrap("x".repeat(round % 7 + 1).getBytes(StandardCharsets.UTF_8));
                int written = plain.write(said.duplicate()).get()
                        + handled.write(said).get();
                ByteBuffer answer = ByteBuffer.allocate(30);
                ByteBuffer other = ByteBuffer.allocate(30);
                handled.read(other, other, hearing);
                int read = plain.read(answer).get();
                Pace.say(round + " " + written + " " + new String(answer.array(), 0, read, StandardCharsets.UTF_8)
                        + ", " + hearing.heard.take());
            }
        }
        Conversation.OVER.await();
        fixed.shutdownNow();
        own.shutdownNow();
        System.out.println(
                fixed.awaitTermination(1, TimeUnit.MINUTES) + " " + own.awaitTermination(1, TimeUnit.MINUTES));
    }
}
