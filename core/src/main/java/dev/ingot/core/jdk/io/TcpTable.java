package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernel's table of TCP sockets on this host. */
final class TcpTable {
    private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
    /** How a version 4 address begins in the table of version 6. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private static final int ADDRESS_DIGITS = 8;
    private static final int INODE_COLUMN = 9;

    private final Map<String, Row> byInode = new HashMap<>();
    private final Map<String, Row> byEnds = new HashMap<>();

    private TcpTable() {}

    /** The first that the kernel lists with an inode, and with these ends, is the one that is found. */
    private void add(Row row) {
        byInode.putIfAbsent(row.inode, row);
        byEnds.putIfAbsent(row.ends(), row);
    }

    /**
     * One socket.
     *
     * @param local its own end, as the kernel writes it
     * @param remote the other end
     * @param state the kernel's number for the state of the protocol
     * @param unsent bytes written and not yet taken by the other end's kernel
     * @param inode what {@code /proc/self/fd} knows the socket by
     */
    record Row(String local, String remote, int state, long unsent, String inode) {
        private static final int FIN_WAIT_1 = 4;
        private static final int FIN_WAIT_2 = 5;
        private static final int CLOSE_WAIT = 8;
        private static final int LAST_ACK = 9;
        private static final int CLOSING = 11;

        private String ends() {
            return local + ' ' + remote;
        }

        private String endsOfPeer() {
            return remote + ' ' + local;
        }

        /** Whether this end said that it will send no more. */
        boolean isOutputShut() {
            return state == FIN_WAIT_1 || state == FIN_WAIT_2 || state == LAST_ACK || state == CLOSING;
        }

        boolean hasPeerShutOutput() {
            return state == CLOSE_WAIT || state == LAST_ACK || state == CLOSING;
        }
    }

    static TcpTable read() throws IOException {
        TcpTable read = new TcpTable();
        for (Path table : TABLES) {
            if (Files.exists(table)) {
                Files.readAllLines(table).stream().skip(1).map(TcpTable::row).forEach(read::add);
            }
        }
        return read;
    }

    @Nullable Row of(String inode) {
        return byInode.get(inode);
    }

    /** The socket at the other end, if it is on this host. */
    @Nullable Row peerOf(Row end) {
        return byEnds.get(end.endsOfPeer());
    }

    private static Row row(String line) {
        String[] columns = line.trim().split(" +", INODE_COLUMN + 2);
        return new Row(
                plain(columns[1]),
                plain(columns[2]),
                Integer.parseInt(columns[3], 16),
                Long.parseLong(columns[4].substring(0, columns[4].indexOf(':')), 16),
                columns[INODE_COLUMN]);
    }

    private static String plain(String address) {
        return address.startsWith(MAPPED) && address.length() > MAPPED.length() + ADDRESS_DIGITS
                ? address.substring(MAPPED.length())
                : address;
    }
}
