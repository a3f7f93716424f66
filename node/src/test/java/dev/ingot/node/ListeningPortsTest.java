package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void portsOfTheProcessItselfAreFoundWhileItListens() throws IOException {
        try (ServerSocket stays = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListeningPorts ports;
            try (ServerSocket goes = new ServerSocket(0)) {
                ports = new ListeningPorts(SELF, List.of(stays.getLocalPort(), goes.getLocalPort()));

                assertThat(ports.now()).containsExactlyInAnyOrder(stays.getLocalPort(), goes.getLocalPort());
                assertThat(ports.now()).hasSize(2);
            }
            assertThat(ports.now()).containsExactly(stays.getLocalPort());
        }
    }

    @Test
    void aPortOfAnotherProcessIsNone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try (ServerSocket mine = new ServerSocket(0)) {
            // It is of the same machine and sees the socket, but it is not its.
            assertThat(new ListeningPorts(other.pid(), List.of(mine.getLocalPort())).now())
                    .isEmpty();
            assertThat(new ListeningPorts(SELF, List.of(mine.getLocalPort())).now())
                    .hasSize(1);
        } finally {
            other.destroyForcibly().waitFor();
        }
    }
}
