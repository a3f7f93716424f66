package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: one process opens all kinds of things, another one goes on with them after the first was killed. */
@Timeout(600)
class CrossProcessTest {
    @TempDir
    Path directory;

    @Test
    void anotherProcessGoesOnWhereTheKilledOneStopped() throws Exception {
        Process first = OtherProcess.start(First.class, directory.toString());
        try (BufferedReader out = first.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("taken");
        } finally {
            first.destroyForcibly().waitFor();
        }
        Process second = OtherProcess.start(Second.class, directory.toString());
        List<String> said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(second.waitFor()).isZero();
        assertThat(said)
                .containsExactly(
                        "reader line 1",
                        "random 42 at 8",
                        "channel at 3",
                        "map 77",
                        "direct 5",
                        "view 6",
                        "gzip true",
                        "entry true",
                        "inflater 0",
                        "accepted 9",
                        "loop 4",
                        "selected 1");
        assertThat(Files.readAllLines(directory.resolve("log.txt"))).containsExactly("before", "buffered", "resumed");
    }

    /** What both processes know. */
    @NullUnmarked
    static final class State {
        private PrintWriter log;
        private BufferedReader reader;
        private RandomAccessFile random;
        private FileChannel channel;
        private MappedByteBuffer map;
        private ByteBuffer direct;
        private LongBuffer view;
        private ByteArrayOutputStream packed;
        private GZIPOutputStream packer;
        private GZIPInputStream unpacker;
        private InputStream entry;
        private Inflater inflater;
        private ServerSocket server;
        private Socket near;
        private Socket far;
        private Selector selector;
        private Pipe pipe;
    }

    private static byte[] text() {
        return "some text that repeats itself, some text that repeats itself\n"
                .repeat(4000)
                .getBytes(StandardCharsets.US_ASCII);
    }

    static final class First {
        private First() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            State state = new State();
            files(state, directory);
            compression(state, directory);
            sockets(state);
            Files.write(directory.resolve("image"), new SmallImage().write(state));
            spoil(state);
            System.out.println("taken");
            System.in.read();
        }

        private static void files(State state, Path directory) throws IOException {
            state.log = new PrintWriter(
                    new FileWriter(directory.resolve("log.txt").toFile(), StandardCharsets.UTF_8, true));
            state.log.println("before");
            state.log.flush();
            state.log.println("buffered");
            Path lines = Files.writeString(directory.resolve("lines.txt"), "line 0\nline 1\n");
            state.reader = new BufferedReader(new FileReader(lines.toFile(), StandardCharsets.UTF_8));
            state.reader.readLine();
            state.random = new RandomAccessFile(directory.resolve("random.bin").toFile(), "rw");
            state.random.writeLong(42);
            state.channel = FileChannel.open(
                    directory.resolve("channel.bin"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            state.channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
            try (FileChannel channel = FileChannel.open(
                    directory.resolve("map.bin"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                state.map = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8192);
            }
            state.map.putInt(4096, 77);
            state.direct = ByteBuffer.allocateDirect(1024).order(ByteOrder.LITTLE_ENDIAN);
            state.direct.putLong(16, 5).putLong(24, 6);
            state.view = state.direct
                    .duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(8)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer();
        }

        private static void compression(State state, Path directory) throws Exception {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(whole)) {
                out.write(text());
            }
            state.unpacker = new GZIPInputStream(new ByteArrayInputStream(whole.toByteArray()));
            state.unpacker.readNBytes(100_000);
            state.packed = new ByteArrayOutputStream();
            state.packer = new GZIPOutputStream(state.packed);
            state.packer.write(text(), 0, 100_000);
            Path archive = directory.resolve("archive.zip");
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
                out.putNextEntry(new ZipEntry("entry"));
                out.write(text());
            }
            ZipFile zip = new ZipFile(archive.toFile());
            state.entry = zip.getInputStream(zip.getEntry("entry"));
            state.entry.readNBytes(50_000);
            state.inflater = new Inflater(true);
        }

        private static void sockets(State state) throws IOException {
            state.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            state.near = new Socket(state.server.getInetAddress(), state.server.getLocalPort());
            state.far = state.server.accept();
            state.near.getOutputStream().write(4);
            state.pipe = Pipe.open();
            state.pipe.source().configureBlocking(false);
            state.selector = Selector.open();
            state.pipe.source().register(state.selector, SelectionKey.OP_READ);
            state.selector.selectNow();
        }

        /** What the program does after the checkpoint, all of which is lost with it. */
        private static void spoil(State state) throws IOException {
            state.log.println("after");
            state.log.flush();
            state.random.writeLong(43);
            state.random.seek(0);
            state.random.writeLong(44);
            state.channel.write(ByteBuffer.wrap(new byte[] {9, 9}));
            state.map.putInt(4096, 78);
        }
    }

    static final class Second {
        private Second() {}

        public static void main(String[] arguments) throws Exception {
            State state = new SmallImage()
                    .read(Files.readAllBytes(Path.of(arguments[0]).resolve("image")));
            state.log.println("resumed");
            state.log.close();
            say("reader " + state.reader.readLine());
            long at = state.random.getFilePointer();
            state.random.seek(0);
            say("random " + state.random.readLong() + " at " + at);
            say("channel at " + state.channel.size());
            say("map " + state.map.getInt(4096));
            say("direct " + state.direct.getLong(16));
            say("view " + state.view.get(2));
            compression(state);
            sockets(state);
        }

        private static void compression(State state) throws Exception {
            byte[] rest = state.unpacker.readAllBytes();
            state.packer.write(text(), 100_000, text().length - 100_000);
            state.packer.close();
            byte[] again = new GZIPInputStream(new ByteArrayInputStream(state.packed.toByteArray())).readAllBytes();
            say("gzip " + (rest.length == text().length - 100_000 && java.util.Arrays.equals(again, text())));
            say("entry " + (state.entry.readAllBytes().length == text().length - 50_000));
            say("inflater " + state.inflater.getBytesRead());
        }

        private static void sockets(State state) throws IOException {
            try (Socket client = new Socket(state.server.getInetAddress(), state.server.getLocalPort());
                    Socket accepted = state.server.accept()) {
                client.getOutputStream().write(9);
                say("accepted " + accepted.getInputStream().read());
            }
            say("loop " + state.far.getInputStream().read());
            state.pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            say("selected " + state.selector.select(20_000));
        }

        private static void say(String line) {
            System.out.println(line);
        }
    }
}
