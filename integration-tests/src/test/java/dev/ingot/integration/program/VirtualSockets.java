package dev.ingot.integration.program;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** Virtual threads that serve each other at sockets, channels and datagrams, and block in accepting and reading. */
public final class VirtualSockets {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final BlockingQueue<String> ANSWERS = new SynchronousQueue<>();

    private VirtualSockets() {}

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        ExecutorService executor = Virtual.executor();
        ServerSocket listener = new ServerSocket(0, 1, HERE);
        ServerSocketChannel channels = ServerSocketChannel.open().bind(new InetSocketAddress(HERE, 0));
        DatagramSocket datagrams = new DatagramSocket(0, HERE);
        executor.execute(() -> run("accepting", () -> serve(listener.accept())));
        executor.execute(() -> run("accepting channels", () -> serve(channels.accept())));
        executor.execute(() -> run("answering datagrams", () -> answer(datagrams)));
        Socket socket = new Socket(HERE, listener.getLocalPort());
        SocketChannel channel = SocketChannel.open(channels.getLocalAddress());
        DatagramSocket asking = new DatagramSocket(0, HERE);
        for (int round = 0; round < Pace.ROUNDS; round++) {
            int number = round;
            executor.execute(() -> run("asking", () -> ask(socket, number)));
            String answer = ANSWERS.take();
            executor.execute(() -> run("asking", () -> ask(channel, number)));
            answer += " " + ANSWERS.take();
            executor.execute(() -> run("asking", () -> ask(asking, datagrams, number)));
            Pace.say(answer + " " + ANSWERS.take());
        }
        // Two threads block in these.
        datagrams.close();
        System.out.println(ANSWERS.take());
        channel.close();
        System.out.println(ANSWERS.take());
        socket.close();
        System.out.println(ANSWERS.take());
        executor.shutdown();
        System.out.println("ended " + executor.awaitTermination(1, TimeUnit.MINUTES));
    }

    private static void run(String what, Work work) {
        try {
            work.run();
        } catch (IOException ended) {
            tell(what + " ended by " + ended.getClass().getSimpleName());
        } catch (InterruptedException unexpected) {
            tell(what + " was interrupted");
        }
    }

    private static void tell(String answer) {
        try {
            ANSWERS.put(answer);
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private static void serve(Socket accepted) throws IOException, InterruptedException {
        BufferedReader in = reader(accepted);
        PrintWriter out = new PrintWriter(accepted.getOutputStream(), true, StandardCharsets.UTF_8);
        String line = in.readLine();
        while (line != null) {
            Pace.step();
            out.println("socket " + line);
            line = in.readLine();
        }
        tell("no more lines");
    }

    private static void serve(SocketChannel accepted) throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (accepted.read(buffer) >= 0) {
            Pace.step();
            buffer.flip();
            accepted.write(buffer);
            buffer.clear();
        }
        tell("no more bytes");
    }

    private static void answer(DatagramSocket datagrams) throws IOException, InterruptedException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            datagrams.receive(packet);
            Pace.step();
            datagrams.send(packet);
        }
    }

    private static void ask(Socket socket, int number) throws IOException, InterruptedException {
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
        out.println(number);
        ANSWERS.put(reader(socket).readLine());
    }

    private static void ask(SocketChannel channel, int number) throws IOException, InterruptedException {
        channel.write(ByteBuffer.wrap(("channel " + number).getBytes(StandardCharsets.UTF_8)));
        ByteBuffer answer = ByteBuffer.allocate(100);
        channel.read(answer);
        ANSWERS.put(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8));
    }

    private static void ask(DatagramSocket asking, DatagramSocket answering, int number)
            throws IOException, InterruptedException {
        byte[] question = ("datagram " + number).getBytes(StandardCharsets.UTF_8);
        asking.send(new DatagramPacket(question, question.length, HERE, answering.getLocalPort()));
        DatagramPacket answer = new DatagramPacket(new byte[100], 100);
        asking.receive(answer);
        ANSWERS.put(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
