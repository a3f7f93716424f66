package dev.ingot.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * At which of some ports a process itself listens. Another process at the same port does not count, be it one that was there before or one
 * that an earlier copy of the program has left behind. Not thread-safe.
 */
final class ListeningPorts {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENING = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEXADECIMAL = 16;

    private final Path process;
    private final List<Integer> wanted;
    /** Sockets that were found to be the process's. While a socket exists, no other one has its number. */
    private Set<String> own = Set.of();

    ListeningPorts(long pid, List<Integer> wanted) {
        this.process = PROC.resolve(Long.toString(pid));
        this.wanted = List.copyOf(wanted);
    }

    /**
     * Those at which it listens now.
     *
     * @throws IOException if that cannot be found out, as when it has ended
     */
    List<Integer> now() throws IOException {
        if (wanted.isEmpty()) {
            return List.of();
        }
        Map<String, Integer> listening = new HashMap<>();
        for (String table : List.of("tcp", "tcp6")) {
            read(process.resolve("net").resolve(table), listening);
        }
        Set<String> known = new HashSet<>(listening.keySet());
        known.retainAll(own);
        if (known.size() < listening.size()) {
            known.addAll(ownSockets(listening.keySet()));
        }
        own = known;
        return known.stream().map(listening::get).distinct().sorted().toList();
    }

    /** The sockets that listen at a wanted port, whosever they are. */
    private void read(Path table, Map<String, Integer> listening) throws IOException {
        try (Stream<String> lines = Files.lines(table)) {
            lines.skip(1).map(line -> line.strip().split("\\s+")).forEach(columns -> {
                if (columns.length > INODE && columns[STATE].equals(LISTENING)) {
                    String address = columns[LOCAL_ADDRESS];
                    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), HEXADECIMAL);
                    if (wanted.contains(port)) {
                        listening.put(columns[INODE], port);
                    }
                }
            });
        } catch (NoSuchFileException noSuchProtocol) {
            // A machine without IPv6. That the process is gone shows below.
        }
    }

    private Set<String> ownSockets(Set<String> sockets) throws IOException {
        Set<String> found = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                String socket = socket(file);
                if (sockets.contains(socket)) {
                    found.add(socket);
                }
            }
        }
        return found;
    }

    private static String socket(Path file) {
        try {
            String target = Files.readSymbolicLink(file).toString();
            return target.startsWith("socket:[") ? target.substring("socket:[".length(), target.length() - 1) : "";
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
