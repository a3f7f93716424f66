package dev.ingot.core.jdk.io;

import dev.ingot.core.image.OpenFile;
import dev.ingot.core.image.OpenSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What this process has open, as an image's description lists it for its reader. The JVM's own files, such as the jars of the
 * class path, are among them.
 *
 * @param files regular files
 * @param sockets TCP sockets
 */
public record OpenResources(List<OpenFile> files, List<OpenSocket> sockets) {
    private static final int LISTENING = 10;
    private static final int WORD = 4;

    public OpenResources {
        files = List.copyOf(files);
        sockets = List.copyOf(sockets);
    }

    /**
     * Lists them.
     *
     * @throws IOException if {@code /proc} cannot be read
     */
    public static OpenResources ofThisProcess() throws IOException {
        List<OpenFile> files = new ArrayList<>();
        List<OpenSocket> sockets = new ArrayList<>();
        TcpTable tcp = TcpTable.read();
        for (Descriptor open : Descriptor.all()) {
            if (open.isPath()) {
                addFile(files, open);
            } else if (open.target().startsWith("socket:")) {
                addSocket(sockets, tcp, open);
            }
        }
        return new OpenResources(files, sockets);
    }

    private static void addFile(List<OpenFile> files, Descriptor open) throws IOException {
        try {
            BasicFileAttributes attributes = open.attributes();
            if (attributes.isRegularFile()) {
                files.add(new OpenFile(open.target(), mode(open.flags()), open.position(), attributes.size()));
            }
        } catch (NoSuchFileException closedMeanwhile) {
            // Nothing to tell of it.
        }
    }

    private static String mode(int flags) {
        return switch (FileAccess.of(flags)) {
            case READ -> "r";
            case WRITE -> FileAccess.appends(flags) ? "a" : "w";
            case READ_WRITE -> "rw";
        };
    }

    private static void addSocket(List<OpenSocket> sockets, TcpTable tcp, Descriptor open) {
        String target = open.target();
        TcpTable.Row row = tcp.of(OpenSockets.inode(target));
        if (row != null) {
            boolean listening = row.state() == LISTENING;
            sockets.add(new OpenSocket(
                    listening ? "tcp-listen" : "tcp", text(row.local()), listening ? "" : text(row.remote())));
        }
    }

    /** The kernel writes addresses as words in the byte order of the machine, in hexadecimal, and ports after a colon. */
    private static String text(String endpoint) {
        int colon = endpoint.indexOf(':');
        byte[] words = HexFormat.of().parseHex(endpoint.substring(0, colon));
        int port = Integer.parseInt(endpoint.substring(colon + 1), 16);
        byte[] address = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            boolean swapped = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
            address[i] = words[swapped ? i / WORD * WORD + (WORD - 1 - i % WORD) : i];
        }
        return host(address) + ":" + port;
    }

    private static String host(byte[] address) {
        try {
            String host = InetAddress.getByAddress(address).getHostAddress();
            return address.length > WORD ? "[" + host + "]" : host;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address of " + address.length + " bytes", e);
        }
    }
}
