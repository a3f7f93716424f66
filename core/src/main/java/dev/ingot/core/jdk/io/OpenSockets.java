package dev.ingot.core.jdk.io;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of this process as they are while an image is written. The kernel's tables are read when they are first asked for and
 * not again for each socket: with many connections on the host a reading takes long, and the program stands still. Thread-safe.
 */
final class OpenSockets {
    private static final String SOCKET = "socket:[";

    private @Nullable TcpTable connections;
    private @Nullable Map<String, Integer> descriptors;

    /** The inode of a socket, by what its descriptor is open on. */
    static String inode(String target) {
        return target.substring(target.indexOf('[') + 1, target.length() - 1);
    }

    /** The connections on this host, as they were at some moment since the program stood still or {@link #changed} was called. */
    synchronized TcpTable connections() throws IOException {
        TcpTable known = connections;
        if (known == null) {
            known = TcpTable.read();
            connections = known;
        }
        return known;
    }

    /** The connections on this host as they are now. */
    synchronized TcpTable connectionsNow() throws IOException {
        changed();
        return connections();
    }

    /** What was read of connections holds no more, because bytes were sent. */
    synchronized void changed() {
        connections = null;
    }

    /** The socket with this inode, if this process has it open. */
    synchronized Optional<RawDescriptor> own(String inode) throws IOException {
        Map<String, Integer> known = descriptors;
        if (known == null) {
            known = new HashMap<>();
            for (Descriptor open : Descriptor.all()) {
                if (open.target().startsWith(SOCKET)) {
                    known.putIfAbsent(inode(open.target()), open.number());
                }
            }
            descriptors = known;
        }
        return Optional.ofNullable(known.get(inode)).map(RawDescriptor::new);
    }
}
