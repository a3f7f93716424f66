package dev.ingot.integration.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * A thread in each kind of call that blocks in the kernel. Says {@code blocked} when all of them do; when the file named by the
 * argument is there, has each of them end and says what it returned.
 */
public final class BlockingCalls {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int LONG_MILLIS = 600_000;

    private final Map<String, Object> results = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();

    private BlockingCalls() {}

    public static void main(String[] arguments) throws Exception {
        new BlockingCalls().run(new File(arguments[0]));
    }

    private void run(File signal) throws Exception {
        start("line of standard input", () -> new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine());

        ServerSocket accepting = new ServerSocket(0, 0, LOOPBACK);
        start("accept", () -> accepting.accept().getInputStream().read());
        ServerSocket closing = new ServerSocket(0, 0, LOOPBACK);
        start("accept until closed", () -> acceptUntilClosed(closing));

        ServerSocket peers = new ServerSocket(0, 0, LOOPBACK);
        Socket reader = new Socket(LOOPBACK, peers.getLocalPort());
        OutputStream toReader = peers.accept().getOutputStream();
        start("read", () -> reader.getInputStream().read());
        Socket timedReader = new Socket(LOOPBACK, peers.getLocalPort());
        timedReader.setSoTimeout(LONG_MILLIS);
        OutputStream toTimedReader = peers.accept().getOutputStream();
        start("timed read", () -> timedReader.getInputStream().read());
        SocketChannel channel = SocketChannel.open(peers.getLocalSocketAddress());
        OutputStream toChannel = peers.accept().getOutputStream();
        start("read of a channel", () -> {
            ByteBuffer buffer = ByteBuffer.allocate(1);
            return channel.read(buffer) + " byte " + buffer.get(0);
        });

        ServerSocketChannel acceptingChannel = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        start("accept of a channel", () -> acceptingChannel.accept().isConnected());
        DatagramSocket datagrams = new DatagramSocket(0, LOOPBACK);
        start("receive", () -> received(datagrams));
        DatagramSocket timedDatagrams = new DatagramSocket(0, LOOPBACK);
        timedDatagrams.setSoTimeout(LONG_MILLIS);
        start("timed receive", () -> received(timedDatagrams));
        Pipe pipe = Pipe.open();
        start("read of a pipe", () -> pipe.source().read(ByteBuffer.allocate(4)));

        Selector selector = Selector.open();
        ServerSocketChannel selected = ServerSocketChannel.open().bind(new InetSocketAddress(LOOPBACK, 0));
        selected.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        start("select", selector::select);
        Selector idle = Selector.open();
        start("select until woken", idle::select);
        Selector timed = Selector.open();
        Thread interrupted = start(
                "select until interrupted", () -> timed.select(LONG_MILLIS) + ", interrupted: " + Thread.interrupted());

        awaitBlocked();
        System.out.println("blocked");
        while (!signal.exists()) {
            Pace.step();
        }

        greet(accepting.getLocalPort());
        closing.close();
        toReader.write(1);
        toTimedReader.write(2);
        toChannel.write(3);
        greet(portOf(acceptingChannel));
        send(datagrams);
        send(timedDatagrams);
        pipe.sink().write(ByteBuffer.allocate(2));
        greet(portOf(selected));
        idle.wakeup();
        interrupted.interrupt();
        for (Thread thread : threads) {
            thread.join();
        }
        results.forEach((call, result) -> System.out.println(call + ": " + result));
    }

    private Thread start(String call, Callable<Object> body) {
        Thread thread = new Thread(() -> {
            Object result;
            try {
                result = body.call();
            } catch (Exception failure) {
                result = failure;
            }
            synchronized (results) {
                results.put(call, result);
            }
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    private void awaitBlocked() {
        for (Thread thread : threads) {
            while (!isInKernel(thread)) {
                Pace.step();
            }
        }
    }

    private static boolean isInKernel(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        String owner = stack.length == 0 ? "" : stack[0].getClassName();
        return owner.startsWith("sun.nio.ch.") && stack[0].isNativeMethod();
    }

    private static String acceptUntilClosed(ServerSocket server) throws IOException {
        try {
            return "accepted " + server.accept();
        } catch (SocketException closed) {
            return "closed";
        }
    }

    private static int received(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[9], 9);
        socket.receive(packet);
        return packet.getLength();
    }

    private static void send(DatagramSocket receiver) throws IOException {
        try (DatagramSocket sender = new DatagramSocket(0, LOOPBACK)) {
            sender.send(new DatagramPacket(new byte[3], 3, receiver.getLocalSocketAddress()));
        }
    }

    private static void greet(int port) throws IOException {
        try (Socket socket = new Socket(LOOPBACK, port)) {
            socket.getOutputStream().write(7);
        }
    }

    private static int portOf(ServerSocketChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }
}
