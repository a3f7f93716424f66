package dev.ingot.cli;

import dev.ingot.node.NodeDaemon;
import dev.ingot.node.NodeOptions;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the nodes of a pool on this machine: processes of their own, which this command's end does not touch. */
final class LocalNodes {
    private LocalNodes() {}

    /** Starts a node; one that runs already stays, and the new process ends at once. */
    static void start(NodeOptions node) throws IOException {
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
