package dev.ingot.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process by which others can tell later whether what it has left is still needed: its id, when it began, and who counts by these. Ids are used again,
 * and containers that share a directory each have their own.
 */
record Owner(long pid, String begun, String namespace) {
    private static final Path PROCESSES = Path.of("/proc");
    /** Of what follows the name of a process in its line. */
    private static final int BEGUN = 19;

    /** This process. */
    static Owner self() throws IOException {
        long pid = ProcessHandle.current().pid();
        return new Owner(pid, begunOf(pid), ownNamespace());
    }

    private static String begunOf(long pid) throws IOException {
        String line = Files.readString(PROCESSES.resolve(Long.toString(pid)).resolve("stat"));
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1)[BEGUN];
    }

    private static String ownNamespace() throws IOException {
        return Files.readSymbolicLink(PROCESSES.resolve("self/ns/pid")).toString();
    }

    /** As {@link #parse} reads it. */
    String text() {
        return pid + " " + begun + " " + namespace;
    }

    /** @throws IOException if it is not of that form */
    static Owner parse(String text) throws IOException {
        String[] parts = text.split(" ", -1);
        try {
            return new Owner(Long.parseLong(parts[0]), parts[1], parts[2]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException malformed) {
            throw new IOException("'" + text + "' names no process", malformed);
        }
    }

    /** Whether it is certain that there is no such process any more. */
    boolean hasEnded() throws IOException {
        if (!namespace.equals(ownNamespace())) {
            return false;
        }
        try {
            return !begun.equals(begunOf(pid));
        } catch (IOException noSuchProcess) {
            return true;
        }
    }
}
