package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolversTest {
    private final SmallImage image = new SmallImage();

    @TempDir
    Path directory;

    @Test
    void pathsBelongToTheFileSystemOfThisJvm() throws Exception {
        for (String name : new String[] {"/tmp/a b", "relative/ü", "", "/"}) {
            Path restored = image.copy(Path.of(name));
            assertThat((Object) restored).isEqualTo(Path.of(name));
            assertThat(restored.getFileSystem()).isSameAs(FileSystems.getDefault());
        }
    }

    @Test
    void onePathStaysOneObject() throws Exception {
        Path path = Path.of("x");
        Object[] restored = image.copy(new Object[] {path, path, Path.of("x")});
        assertThat(restored[0]).isSameAs(restored[1]).isNotSameAs(restored[2]).isEqualTo(restored[2]);
    }

    @Test
    void defaultFileSystemAndItsProviderAreThoseOfThisJvm() throws Exception {
        FileSystem system = FileSystems.getDefault();
        assertThat(image.copy(system)).isSameAs(system);
        assertThat(image.copy(system.provider())).isSameAs(system.provider());
        FileStore store = Files.getFileStore(directory);
        assertThat(image.copy(store)).isEqualTo(store);
    }

    @Test
    void filesTimesAndChecksumsAreOrdinaryObjects() throws Exception {
        File file = new File("a/b");
        file.toPath();
        assertThat(image.copy(file)).isEqualTo(file);
        assertThat(image.copy(FileTime.fromMillis(5))).isEqualTo(FileTime.fromMillis(5));
        CRC32 crc = new CRC32();
        crc.update(7);
        CRC32 restored = image.copy(crc);
        restored.update(8);
        crc.update(8);
        assertThat(restored.getValue()).isEqualTo(crc.getValue());
    }

    @Test
    void urlsOpenConnectionsThroughTheHandlersOfThisJvm() throws Exception {
        Path file = Files.writeString(directory.resolve("page.txt"), "content");
        URL url = file.toUri().toURL();
        URL restored = image.copy(url);
        assertThat(restored).hasToString(url.toString());
        assertThat(restored.openStream().readAllBytes()).asString().isEqualTo("content");
        assertThat(image.copy(new URL("jar:file:/a.jar!/b"))).hasToString("jar:file:/a.jar!/b");
        assertThat(image.copy(URI.create("http://h:80/p?q#f"))).isEqualTo(URI.create("http://h:80/p?q#f"));
    }

    @Test
    void addressesAndInterfacesAreKept() throws Exception {
        InetAddress six = InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assertThat(image.copy(six)).isEqualTo(six);
        InetSocketAddress four = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        assertThat(image.copy(four)).isEqualTo(four);
        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        assertThat(image.copy(loopback)).isEqualTo(loopback);
    }

    @Test
    void handleOfThisProcessIsThatOfTheNewOne() throws Exception {
        assertThat(image.copy(ProcessHandle.current())).isSameAs(ProcessHandle.current());
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        assertThat(image.copy(parent)).isEqualTo(parent);
    }

    @Test
    void zipFileSystemIsMountedAgain() throws Exception {
        URI uri = URI.create("jar:" + directory.resolve("fs.zip").toUri());
        byte[] taken;
        try (FileSystem system = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
            Files.writeString(system.getPath("/in"), "inside");
        }
        try (FileSystem system = FileSystems.newFileSystem(uri, Map.of())) {
            assertThat(system.isOpen()).isTrue();
            taken = image.write(system.getPath("/in"));
        }
        Path restored = image.read(taken);
        try (FileSystem system = restored.getFileSystem()) {
            assertThat(Files.readString(restored)).isEqualTo("inside");
            assertThat(FileSystems.getFileSystem(uri)).isSameAs(system);
        }
    }

    /** As loaders do that find plugins in jars within a jar. */
    @Test
    void zipFileSystemWithinAnotherComesBack() throws Exception {
        URI uri = URI.create("jar:" + directory.resolve("outer.zip").toUri());
        try (FileSystem outer = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
            Path file = outer.getPath("/inner.zip");
            try (FileSystem inner = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
                Files.writeString(inner.getPath("/in"), "deep inside");
            }
        }
        byte[] taken;
        try (FileSystem outer = FileSystems.newFileSystem(uri, Map.of());
                FileSystem inner = FileSystems.newFileSystem(outer.getPath("/inner.zip"), Map.of())) {
            taken = image.write(inner.getPath("/in"));
        }
        Path restored = image.read(taken);
        try (FileSystem inner = restored.getFileSystem()) {
            assertThat(Files.readString(restored)).isEqualTo("deep inside");
            assertThat(inner.isOpen()).isTrue();
        }
        FileSystems.getFileSystem(uri).close();
    }
}
