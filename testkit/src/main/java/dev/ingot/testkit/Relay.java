package dev.ingot.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network that can be cut: passes connections on to a port of this machine. While it is cut nothing passes, and nobody is told.
 * Thread-safe.
 */
public final class Relay implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private final AtomicLong passed = new AtomicLong();
    private volatile long most = Long.MAX_VALUE;
    private volatile boolean cut;

    /**
     * Begins to pass connections on.
     *
     * @param target the port of this machine where they go
     */
    public Relay(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    /** Where to connect. */
    public int port() {
        return server.getLocalPort();
    }

    /** The bytes that have passed, in both directions together. */
    public long passed() {
        return passed.get();
    }

    /** Cuts it now. */
    public void cut() {
        cut = true;
    }

    /** Cuts it once so many more bytes have passed, in both directions together, or a few more. */
    public void cutAfter(long bytes) {
        most = passed.get() + bytes;
    }

    /** Whether it is cut. */
    public boolean isCut() {
        return cut;
    }

    /** Connections that were cut in the middle are of no use any more. */
    public void heal() throws IOException {
        cut = false;
        most = Long.MAX_VALUE;
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                try {
                    Socket pool = new Socket(InetAddress.getLoopbackAddress(), target);
                    sockets.add(client);
                    sockets.add(pool);
                    daemon(() -> pump(client, pool));
                    daemon(() -> pump(pool, client));
                } catch (ConnectException nobodyThere) {
                    client.close();
                }
            }
        } catch (IOException closed) {
            cut = true;
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            int read = from.getInputStream().read(buffer);
            while (read >= 0) {
                if (!cut) {
                    to.getOutputStream().write(buffer, 0, read);
                    cut |= passed.addAndGet(read) >= most;
                }
                read = from.getInputStream().read(buffer);
            }
        } catch (IOException closed) {
            // By the other end, or by the test.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        heal();
    }
}
