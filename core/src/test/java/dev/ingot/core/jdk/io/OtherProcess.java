package dev.ingot.core.jdk.io;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A second JVM, started with what this one was started with. */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final int port;

    private OtherProcess(Process process) throws IOException {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.port = Integer.parseInt(out.readLine());
    }

    /** One that accepts connections until it is closed. */
    static OtherProcess listening() throws IOException {
        return new OtherProcess(start(Acceptor.class));
    }

    /** Starts a main class in a JVM of the same version and options. */
    static Process start(Class<?> main, String... arguments) throws IOException {
        return start(ProcessBuilder.Redirect.PIPE, main, arguments);
    }

    /** Starts it with an input of its own. */
    static Process start(ProcessBuilder.Redirect input, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectInput(input)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        out.close();
    }

    static final class Acceptor {
        private Acceptor() {}

        public static void main(String[] arguments) throws IOException {
            List<Socket> held = new ArrayList<>();
            try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                System.out.println(server.getLocalPort());
                while (held.size() < 10) {
                    held.add(server.accept());
                }
            }
        }
    }
}
