package dev.ingot.scheduler.control;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    private static final byte[] NOTHING = {};

    @TempDir
    private Path files;

    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));
    private FileStore store = new FileStore(pool, 0, 100);
    private String hash = "";

    @BeforeEach
    void prepare() throws IOException {
        pool = new PoolDirectory(files.resolve("pool"));
        store = new FileStore(pool, 0, 100);
        hash = ContentHash.of(Files.writeString(files.resolve("content"), "abcdef"));
    }

    @Test
    void aFileComesInPartsAndIsGoneOnWith() throws IOException {
        assertThat(store.take("a", hash, 6, 0, NOTHING)).isZero();
        assertThat(store.take("a", hash, 6, 0, bytes("abc"))).isEqualTo(3);
        // Whoever was cut off asks how much has come.
        assertThat(store.take("a", hash, 6, 0, NOTHING)).isEqualTo(3);
        assertThatThrownBy(() -> store.requireThere(spec("a"))).isInstanceOf(Refusal.class);
        assertThat(store.take("a", hash, 6, 3, bytes("def"))).isEqualTo(6);

        assertThat(store.take("a", hash, 6, 0, NOTHING)).isEqualTo(6);
        store.requireThere(spec("a"));
        assertThat(store.read("a", hash, 2, 3)).asString().isEqualTo("cde");
        assertThat(store.read("a", hash, 4, 100)).asString().isEqualTo("ef");
    }

    @Test
    void aHashIsOfNoUseToAnotherTenant() throws IOException {
        store.take("a", hash, 6, 0, bytes("abcdef"));

        assertThat(store.take("b", hash, 6, 0, NOTHING)).isZero();
        assertThatThrownBy(() -> store.requireThere(spec("b")))
                .hasMessage("file f has not come; send it before the workload, as 'ingot submit' does");
        assertThat(store.read("b", hash, 0, 6)).isEmpty();
    }

    @Test
    void whatIsNotWhatItsHashSaysIsNotKept() {
        assertThatThrownBy(() -> store.take("a", hash, 6, 0, bytes("abcdeX")))
                .hasMessageContaining("another file than its hash says");
        assertThatThrownBy(() -> store.take("a", hash, 6, 3, bytes("def")))
                .hasMessage("of this file 0 of 6 bytes have come");
        assertThatThrownBy(() -> store.take("a", hash, 6, 0, bytes("abcdefg"))).isInstanceOf(Refusal.class);
        assertThat(pool.files("a")).isEmptyDirectory();
    }

    @Test
    void aDiskWithoutRoomTakesNothing() {
        FileStore full = new FileStore(pool, Long.MAX_VALUE / 2, 100);

        assertThatThrownBy(() -> full.take("a", hash, 6, 0, bytes("abc"))).hasMessageContaining("disk has no room");
        assertThat(pool.files("a")).isEmptyDirectory();
    }

    @Test
    void aTenantHasSoMuchRoomAndNoMoreAlsoForFilesThatItHasOnlyBegun() throws IOException {
        FileStore small = new FileStore(pool, 0, 8);
        String other = ContentHash.of(Files.writeString(files.resolve("other"), "123456"));
        small.take("a", hash, 6, 0, bytes("abcd"));
        small.take("a", other, 6, 0, bytes("123"));

        assertThatThrownBy(() -> small.take("a", hash, 6, 4, bytes("ef"))).hasMessageContaining("have no more room");

        assertThat(small.take("b", hash, 6, 0, bytes("abcdef"))).isEqualTo(6);
        assertThat(small.take("a", other, 6, 3, bytes("4"))).isEqualTo(4);
    }

    @Test
    void whatNobodyNeedsIsDeletedAfterAWhile() throws IOException {
        store.take("a", hash, 6, 0, bytes("abcdef"));
        store.take("b", hash, 6, 0, bytes("abcdef"));
        store.take("c", hash, 6, 0, bytes("abc"));
        long past = System.currentTimeMillis() - 100_000;
        long future = System.currentTimeMillis() + 100_000;

        store.sweep(Set.of(), past);
        assertThat(pool.file("b", hash)).exists();
        store.sweep(Set.of(pool.file("a", hash)), future);

        assertThat(pool.file("a", hash)).exists();
        assertThat(pool.files("b")).isEmptyDirectory();
        assertThat(pool.files("c")).isEmptyDirectory();
    }

    private WorkloadSpec spec(String tenant) {
        return new WorkloadSpec("job", tenant, Tier.BASIC, 0, Resources.NONE, List.of("java", "J"), "/", Map.of(), 0)
                .shipping(List.of(new ShippedFile("f", hash, 6)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
