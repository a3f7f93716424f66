package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.OpenSocket;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenResourcesTest {
    @TempDir
    Path directory;

    @Test
    void listsFilesWithModePositionAndSize() throws Exception {
        Path path = directory.toRealPath().resolve("f");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.writeLong(1);
            file.seek(3);
            assertThat(OpenResources.ofThisProcess().files()).contains(new OpenFile(path.toString(), "rw", 3, 8));
        }
    }

    @Test
    void listsWhileOtherThreadsOpenAndClose() throws Exception {
        Path path = Files.createFile(directory.toRealPath().resolve("f"));
        AtomicBoolean done = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!done.get()) {
                try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
                    file.seek(0);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        other.start();
        try (RandomAccessFile kept = new RandomAccessFile(path.toFile(), "rw")) {
            for (int i = 0; i < 300; i++) {
                assertThat(OpenResources.ofThisProcess().files())
                        .contains(new OpenFile(path.toString(), "rw", kept.getFilePointer(), 0));
            }
        } finally {
            done.set(true);
            other.join();
        }
    }

    @Test
    void listsListenersAndConnections() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            String listener = "127.0.0.1:" + server.getLocalPort();
            assertThat(OpenResources.ofThisProcess().sockets())
                    .contains(
                            new OpenSocket("tcp-listen", listener, ""),
                            new OpenSocket("tcp", "127.0.0.1:" + client.getLocalPort(), listener));
        }
    }
}
