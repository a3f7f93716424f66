package dev.ingot.accelerator.host;

import dev.ingot.accelerator.DeviceFault;
import dev.ingot.accelerator.operation.Operation;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A device host as its program sees it: requests and answers over pipes, one at a time. Used by one thread at a time, but for
 * {@link #kill} and {@link #isAlive}.
 *
 * <p>The host's standard output and error go to a file, because drivers write to them; answers come over a descriptor of their own.
 */
final class HostProcess {
    static final int READY = 0x494e474f;
    static final int DONE = 1;
    static final int FAULT = 0;

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** The first JDK that asks for leave to call native code. */
    private static final int FOREIGN_FUNCTIONS = 22;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long WATCH_MILLIS = 200;
    private static final long LARGEST_LOG = 1 << 20;
    private static final int TOLD_OF_LOG = 500;

    /** Descriptor 3 becomes the pipe that answers go to. */
    private static final List<String> SHELL = List.of("/bin/sh", "-c", "exec \"$@\" 3>&1 1>&2", "sh");

    private final Process process;
    private final Path log;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final Listener answers;
    private final Map<Operation, Integer> defined = new HashMap<>();
    /** When the process is killed if nothing changes, by the clock of the JVM. */
    private volatile long end = NEVER;

    private HostProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(process.getInputStream());
        this.answers = new Listener(in);
    }

    /**
     * Starts a host.
     *
     * @throws IOException if it cannot be started, or ends before it is ready
     */
    static HostProcess start(
            String providerClass, String classPath, Map<String, String> environment, SharedDirectory directory)
            throws IOException {
        List<String> command = new ArrayList<>(SHELL);
        command.addAll(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                // Where a crash is expected, nothing is left in the program's directory.
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + directory.path().resolve("crash")));
        if (Runtime.version().feature() >= FOREIGN_FUNCTIONS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                classPath,
                DeviceHost.class.getName(),
                providerClass,
                Long.toString(ProcessHandle.current().pid()),
                directory.path().toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        // Options for the program, perhaps an agent, are not for its host.
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(directory.log().toFile()));
        HostProcess host = new HostProcess(builder.start(), directory.log());
        host.end = System.nanoTime() + START_LIMIT.toNanos();
        Thread watcher = new Thread(Errand.outermostGroup(), host::watch, "Ingot device host " + host.process.pid());
        watcher.setDaemon(true);
        watcher.start();
        try {
            if (host.in.readInt() != READY) {
                throw new IOException("it answers in another protocol");
            }
        } catch (IOException failed) {
            host.kill();
            throw new IOException(
                    "device host " + host.process.pid() + " did not start: " + failed + host.lastWords(), failed);
        }
        host.end = NEVER;
        return host;
    }

    private void watch() {
        try {
            while (!process.waitFor(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                if (end != NEVER && System.nanoTime() - end > 0) {
                    process.destroyForcibly();
                }
                if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
                    FileChannel.open(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                            .close();
                }
            }
        } catch (IOException | InterruptedException gone) {
            process.destroyForcibly();
        }
    }

    // ---- requests

    /** What is written behind the kind of a request. */
    interface Arguments {
        void write(DataOutputStream out) throws IOException;
    }

    /**
     * Asks for something that takes no longer than its limit.
     *
     * @throws IOException if the host ended, or was ended
     * @throws DeviceFault what it answered
     */
    <T> T ask(Request request, Arguments arguments, Wire.Reader<T> answer) throws IOException, DeviceFault {
        end = System.nanoTime() + request.limit().toNanos();
        try {
            return askForLong(request, arguments, answer);
        } finally {
            end = NEVER;
        }
    }

    /** As {@link #ask}, for something that may take as long as it wants. */
    <T> T askForLong(Request request, Arguments arguments, Wire.Reader<T> answer) throws IOException, DeviceFault {
        out.writeByte(request.code());
        arguments.write(out);
        out.flush();
        int kind = answers.read();
        if (kind < 0) {
            throw new EOFException("its answers have ended");
        }
        if (kind == FAULT) {
            throw Wire.readFault(in);
        }
        return answer.read(in);
    }

    /** The number by which the host knows an operation, which it is told if need be. */
    int number(Operation operation) throws IOException, DeviceFault {
        Integer known = defined.get(operation);
        if (known == null) {
            known = defined.size();
            ask(Request.DEFINE, to -> Wire.writeOperation(to, operation), from -> true);
            defined.put(operation, known);
        }
        return known;
    }

    /** Ends the host in some seconds unless {@link #keep} is called before. */
    void endAfter(Duration idle) {
        end = System.nanoTime() + idle.toNanos();
    }

    /** Whether the host is there and stays. */
    boolean keep() {
        end = NEVER;
        return process.isAlive();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Begins to end the host; whoever waits for an answer is told. */
    void killSoon() {
        process.destroyForcibly();
    }

    /** Ends the host. It touches nothing any more when this returns. */
    void kill() {
        process.destroyForcibly();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                process.waitFor();
                ended = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** How it ended, for people. */
    String lastWords() {
        String text;
        try {
            byte[] bytes = Files.readAllBytes(log);
            int count = Math.min(bytes.length, TOLD_OF_LOG);
            text = new String(bytes, bytes.length - count, count, StandardCharsets.UTF_8).strip();
        } catch (IOException none) {
            text = "";
        }
        return (process.isAlive() ? "" : ", exit code " + process.exitValue())
                + (text.isEmpty() ? "" : "; it wrote: " + text);
    }
}
