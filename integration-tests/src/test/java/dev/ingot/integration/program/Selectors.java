package dev.ingot.integration.program;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Threads that wait at selectors: one for connections, whose listener serves the main thread at the end, others for nothing but to be woken. */
public final class Selectors {
    private static volatile boolean isOver;

    private Selectors() {}

    public static void main(String[] arguments) throws Exception {
        List<Thread> threads = new ArrayList<>();
        Selector forever = Selector.open();
        Selector forAWhile = Selector.open();
        threads.add(start("forever", () -> await(forever, 0)));
        threads.add(start("for a while", () -> await(forAWhile, TimeUnit.HOURS.toMillis(1))));
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Selector serving = Selector.open();
        listener.configureBlocking(false);
        listener.register(serving, SelectionKey.OP_ACCEPT);
        threads.add(start("server", () -> serve(serving, listener)));
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say("round " + round);
        }
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
            ByteBuffer answer = ByteBuffer.allocate(1);
            while (answer.hasRemaining()) {
                client.read(answer);
            }
            System.out.println("answered " + answer.get(0));
        }
        isOver = true;
        forever.wakeup();
        forAWhile.wakeup();
        serving.wakeup();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("all have ended");
    }

    private static void await(Selector selector, long millis) throws IOException {
        while (!isOver) {
            selector.select(millis);
        }
    }

    private static void serve(Selector selector, ServerSocketChannel listener) throws IOException {
        while (!isOver) {
            selector.select();
            selector.selectedKeys().clear();
            try (SocketChannel accepted = listener.accept()) {
                if (accepted != null) {
                    accepted.write(ByteBuffer.wrap(new byte[] {42}));
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException failure) {
                        throw new IllegalStateException(failure);
                    }
                },
                name);
        thread.start();
        return thread;
    }
}
