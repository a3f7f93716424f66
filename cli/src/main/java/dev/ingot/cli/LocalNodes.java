package dev.ingot.cli;

import dev.ingot.node.NodeDaemon;
import dev.ingot.node.NodeOptions;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a pool on this machine: processes of their own, which this command's end does not touch. One that has ended is started anew, the
 * later the more often it did. Not thread-safe.
 */
final class LocalNodes {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
    private static final Duration MOST_DELAY = Duration.ofMinutes(1);

    private final Map<String, Started> nodes = new LinkedHashMap<>();

    /**
     * When a node was started, and how long it is waited before it is again.
     *
     * @param at by {@link System#nanoTime}
     */
    private record Started(NodeOptions options, long at, Duration delay) {}

    /** Starts a node; one that runs already stays, and the new process ends at once. */
    void start(NodeOptions node) throws IOException {
        launch(node);
        nodes.put(node.name(), new Started(node, System.nanoTime(), FIRST_DELAY));
    }

    /**
     * Starts those anew whose process has ended.
     *
     * @param lost the nodes that the pool takes for lost, which may still run
     * @return those that were started
     */
    List<String> restart(Collection<String> lost) throws IOException {
        List<String> restarted = new ArrayList<>();
        for (String name : lost) {
            Started before = nodes.get(name);
            if (before == null || hasEndedTooSoon(before) || isRunning(before.options)) {
                continue;
            }
            long ran = System.nanoTime() - before.at;
            Duration delay = ran > MOST_DELAY.multipliedBy(2).toNanos() ? FIRST_DELAY : before.delay.multipliedBy(2);
            launch(before.options);
            nodes.put(
                    name,
                    new Started(
                            before.options, System.nanoTime(), delay.compareTo(MOST_DELAY) < 0 ? delay : MOST_DELAY));
            restarted.add(name);
        }
        return restarted;
    }

    private static boolean hasEndedTooSoon(Started node) {
        return System.nanoTime() - node.at < node.delay.toNanos();
    }

    /** Whether there is a process of that node, be it stopped or cut off. */
    private static boolean isRunning(NodeOptions node) throws IOException {
        try (FileChannel file = FileChannel.open(
                        NodeDaemon.lockFile(node), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock == null;
        }
    }

    private static void launch(NodeOptions node) throws IOException {
        Path directory = node.pool().node(node.name());
        PoolDirectory.createOwned(directory);
        List<String> command = new ArrayList<>();
        // In a session of its own, so that Ctrl-C in the terminal reaches this command alone.
        command.add("setsid");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
        command.addAll(List.of("-cp", classPath(), NodeDaemon.class.getName()));
        command.addAll(node.arguments());
        File log = directory.resolve("log").toFile();
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start()
                .getOutputStream()
                .close();
    }

    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
