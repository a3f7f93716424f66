package dev.ingot.core.jdk.io;

import dev.ingot.core.heap.NotCapturableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One end of a stream connection: a socket's or a pipe's.
 *
 * <p>Overview. Where the other end is in the same program, the image holds both ends and they are connected again, with the
 * bytes that were under way. Whichever end is restored first makes the pair; the other end waits in a table under the name of
 * the connection. Where it is elsewhere, the connection reads as reset after the resume, as after a fault of the network; or as
 * ended, if the other end had closed it and nothing was left to read.
 *
 * @param kind what connects the two
 * @param other where the other end is
 * @param name this end's name, null unless both ends are here
 * @param peerName the other end's name
 * @param inbound bytes under way to this end
 * @param outbound bytes under way from it
 */
record Connection(
        Kind kind,
        Other other,
        @Nullable String name,
        @Nullable String peerName,
        Bytes inbound,
        Bytes outbound) {

    /** What connects the two ends. */
    enum Kind {
        TCP,
        UNIX,
        PIPE_READ,
        PIPE_WRITTEN
    }

    /** Where the other end is. */
    enum Other {
        HERE,
        ELSEWHERE,
        GONE
    }

    /** Bytes under way in one direction. */
    static final class Bytes {
        static final Bytes NONE = new Bytes(new byte[0], false);

        private final byte[] content;
        private final boolean ended;

        /** {@code ended} tells that no more will follow. */
        Bytes(byte[] content, boolean ended) {
            this.content = content;
            this.ended = ended;
        }

        Object[] toState() {
            return new Object[] {content, ended};
        }

        static Bytes fromState(Object state) {
            Object[] parts = (Object[]) state;
            return new Bytes((byte[]) parts[0], (Boolean) parts[1]);
        }
    }

    /** Ends made for a partner that is still to be restored. */
    private static final Map<String, RawDescriptor> WAITING = new ConcurrentHashMap<>();

    /** How long a kernel may take to acknowledge what another end on the same host sent; some do only after 0.2 s. */
    private static final Duration ACKNOWLEDGEMENT = Duration.ofSeconds(5);

    // ---- checkpoint ----

    /** Describes the socket behind a descriptor, one of {@code sockets}. */
    static Connection ofSocket(int number, OpenSockets sockets) throws IOException, NotCapturableException {
        String inode = OpenSockets.inode(Descriptor.of(number).target());
        TcpTable table = sockets.connections();
        TcpTable.Row row = table.of(inode);
        if (row == null) {
            return new Connection(Kind.UNIX, Other.ELSEWHERE, null, null, Bytes.NONE, Bytes.NONE);
        }
        TcpTable.Row peer = table.peerOf(row);
        Optional<RawDescriptor> here = peer == null ? Optional.empty() : sockets.own(peer.inode());
        RawDescriptor end = new RawDescriptor(number);
        if (peer == null || here.isEmpty()) {
            boolean over = row.hasPeerShutOutput() && end.arrived() == 0;
            return new Connection(Kind.TCP, over ? Other.GONE : Other.ELSEWHERE, null, null, Bytes.NONE, Bytes.NONE);
        }
        return new Connection(
                Kind.TCP,
                Other.HERE,
                row.local() + ">" + row.remote(),
                peer.local() + ">" + peer.remote(),
                new Bytes(underWay(here.get(), peer.inode(), end, sockets), peer.isOutputShut()),
                new Bytes(underWay(end, inode, here.get(), sockets), row.isOutputShut()));
    }

    /** The bytes between two ends, which are taken out and put back in the same order. */
    private static byte[] underWay(RawDescriptor from, String inode, RawDescriptor to, OpenSockets sockets)
            throws IOException, NotCapturableException {
        // Nobody has sent anything since the table was read: what was not unsent then has arrived by now.
        TcpTable.Row row = sockets.connections().of(inode);
        long deadline = System.nanoTime() + ACKNOWLEDGEMENT.toNanos();
        while (to.arrived() == 0
                && row != null
                && row.isOutputShut()
                && row.unsent() > 0
                && System.nanoTime() < deadline) {
            // The mark of the end counts as a byte until the other end's kernel has acknowledged it, which it does
            // unasked.
            Thread.onSpinWait();
            row = sockets.connectionsNow().of(inode);
        }
        if (to.arrived() == 0 && (row == null || row.unsent() == 0)) {
            return new byte[0];
        }
        if (row == null || row.isOutputShut()) {
            throw new NotCapturableException(
                    "cannot carry the last " + to.arrived()
                            + " bytes of a connection within the program whose writing end is shut already; have them read first");
        }
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        do {
            taken.writeBytes(to.readArrived());
            row = sockets.connectionsNow().of(inode);
        } while (to.arrived() > 0 || (row != null && row.unsent() > 0));
        from.write(taken.toByteArray());
        sockets.changed();
        return taken.toByteArray();
    }

    /** Describes the end of a pipe that {@code Pipe.open} made. */
    static Connection ofPipe(int number, boolean read) throws IOException {
        Descriptor end = Descriptor.of(number);
        Optional<RawDescriptor> other = Descriptor.all().stream()
                .filter(open -> open.target().equals(end.target()))
                .filter(open -> FileAccess.of(open.flags()).writes() == read)
                .findFirst()
                .map(open -> new RawDescriptor(open.number()));
        Kind kind = read ? Kind.PIPE_READ : Kind.PIPE_WRITTEN;
        RawDescriptor reader = read ? new RawDescriptor(number) : other.orElse(null);
        byte[] content = reader == null ? new byte[0] : reader.readArrived();
        if (other.isPresent()) {
            (read ? other.get() : new RawDescriptor(number)).write(content);
        }
        Bytes underWay = new Bytes(content, false);
        return new Connection(
                kind,
                other.isPresent() ? Other.HERE : Other.GONE,
                end.target() + (read ? " read" : " written"),
                end.target() + (read ? " written" : " read"),
                read ? underWay : Bytes.NONE,
                read ? Bytes.NONE : underWay);
    }

    Object[] toState() {
        return new @Nullable Object[] {kind.name(), other.name(), name, peerName, inbound.toState(), outbound.toState()
        };
    }

    static Connection fromState(Object state) {
        Object[] parts = (Object[]) state;
        return new Connection(
                Kind.valueOf((String) parts[0]),
                Other.valueOf((String) parts[1]),
                (String) parts[2],
                (String) parts[3],
                Bytes.fromState(parts[4]),
                Bytes.fromState(parts[5]));
    }

    // ---- resume ----

    /** This end, connected again or broken off. */
    RawDescriptor restore() throws IOException {
        RawDescriptor made = name == null ? null : WAITING.remove(name);
        if (made != null) {
            return made;
        }
        EndPair pair = pair();
        switch (other) {
            case HERE -> meet(pair);
            case ELSEWHERE -> pair.breakOff(kind == Kind.TCP);
            case GONE -> leave(pair);
        }
        return pair.first();
    }

    /** A pair with this end first. */
    private EndPair pair() throws IOException {
        return switch (kind) {
            case TCP -> EndPair.tcp();
            case UNIX -> EndPair.unix();
            case PIPE_READ -> EndPair.pipe();
            case PIPE_WRITTEN -> EndPair.pipe().swapped();
        };
    }

    private void meet(EndPair pair) throws IOException {
        pair.second().write(inbound.content);
        pair.first().write(outbound.content);
        if (inbound.ended) {
            pair.second().shutdownOutput();
        }
        if (outbound.ended) {
            pair.first().shutdownOutput();
        }
        if (peerName != null) {
            WAITING.put(peerName, pair.second());
        }
    }

    private void leave(EndPair pair) throws IOException {
        pair.second().write(inbound.content);
        pair.second().close();
    }
}
