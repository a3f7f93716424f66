package dev.ingot.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.scheduler.pool.Goal;
import dev.ingot.scheduler.pool.Order;
import dev.ingot.scheduler.pool.Resources;
import dev.ingot.scheduler.pool.ShippedFile;
import dev.ingot.scheduler.pool.Tier;
import dev.ingot.scheduler.pool.WorkloadSpec;
import dev.ingot.scheduler.wire.ContentHash;
import dev.ingot.scheduler.wire.FilesPlace;
import dev.ingot.scheduler.wire.PoolDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShippedFilesTest {
    private static final String TENANT = "team";

    private Path directory = Path.of("/tmp");
    private Path root = Path.of("/tmp");
    private Path place = Path.of("/tmp");
    private PoolDirectory pool = new PoolDirectory(Path.of("/tmp"));

    @BeforeEach
    void prepare() throws IOException {
        directory = Files.createTempDirectory("ingot-files");
        root = Files.createDirectory(directory.resolve("root"));
        place = root.resolve(Objects.requireNonNull(FilesPlace.next().getFileName()));
        pool = new PoolDirectory(directory.resolve("pool"));
        PoolDirectory.createOwned(pool.files(TENANT));
    }

    @AfterEach
    void delete() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
            }
        }
        PoolDirectory.delete(directory);
    }

    private ShippedFiles node(String name) {
        return new ShippedFiles(root, name, new SharedDepot(pool));
    }

    private ShippedFile file(String name, String content) throws IOException {
        Path file = Files.writeString(directory.resolve("content"), content);
        String hash = ContentHash.of(file);
        Files.writeString(pool.file(TENANT, hash), content);
        return new ShippedFile(name, hash, content.length());
    }

    private Order order(String id, Path where, ShippedFile... files) {
        WorkloadSpec spec = new WorkloadSpec(
                        "job", TENANT, Tier.BASIC, 0, Resources.NONE, List.of("java", "Job"), "/", Map.of(), 0)
                .shipping(List.of(files))
                .withFilesIn(where.toString());
        return new Order(id, 1, Goal.RUN, 0, List.of(), "", null, List.of(), spec);
    }

    @Test
    void filesAreThereToBeReadUntilTheLastNodeNeedsThemNoMore() throws Exception {
        Order order = order("job-1", place, file("app.jar", "jar"), file("lib/a b.txt", "text"));
        ShippedFiles north = node("north");
        ShippedFiles south = node("south");

        north.put(order);
        south.put(order);
        north.put(order);

        assertThat(place.resolve("app.jar")).hasContent("jar");
        assertThat(place.resolve("lib/a b.txt")).hasContent("text");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("app.jar"))))
                .isEqualTo("r--------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("lib"))))
                .isEqualTo("r-x------");
        north.release("job-1");
        assertThat(place).exists();
        south.release("job-1");
        assertThat(place).doesNotExist();
        // Only what is locked for changes stays.
        assertThat(names(root)).noneMatch(name -> name.startsWith("ingot-files-"));
    }

    @Test
    void whatAKilledNodeHadIsDeletedAtItsNextStart() throws Exception {
        node("north").put(order("job-1", place, file("app.jar", "jar")));
        Path other = root.resolve(Objects.requireNonNull(FilesPlace.next().getFileName()));
        node("south").put(order("job-2", other, file("app.jar", "jar")));

        node("north").releaseAll();

        assertThat(place).doesNotExist();
        assertThat(other.resolve("app.jar")).exists();
    }

    @Test
    void whatANodeHadThatNeverComesBackIsDeletedByAnother() throws Exception {
        node("north").put(order("job-1", place, file("app.jar", "jar")));
        Path marker = place.resolveSibling(place.getFileName() + ".north");
        Owner gone = Owner.parse(Files.readString(marker));
        Files.writeString(marker, new Owner(gone.pid(), gone.begun() + "0", gone.namespace()).text());
        Files.createDirectory(place.resolveSibling(place.getFileName() + ".north.d"));
        Path elsewhere = root.resolve(Objects.requireNonNull(FilesPlace.next().getFileName()));
        node("east").put(order("job-2", elsewhere, file("app.jar", "jar")));
        Path ofContainer = elsewhere.resolveSibling(elsewhere.getFileName() + ".east");
        Files.writeString(ofContainer, new Owner(gone.pid(), gone.begun() + "0", "pid:[1]").text());

        node("south").releaseAll();

        assertThat(place).doesNotExist();
        assertThat(names(root)).noneMatch(name -> name.contains("north"));
        assertThat(elsewhere.resolve("app.jar")).exists();
    }

    @Test
    void aFileLooksTheSameWherever() throws Exception {
        Order order = order("job-1", place, file("lib/app.jar", "jar"));
        ShippedFiles north = node("north");
        north.put(order);
        Object before = times();
        north.release("job-1");

        node("south").put(order);

        assertThat(times()).isEqualTo(before);
    }

    private List<Object> times() throws IOException {
        return List.of(
                Files.getLastModifiedTime(place.resolve("lib/app.jar")),
                Files.getLastModifiedTime(place.resolve("lib")),
                Files.getLastModifiedTime(place));
    }

    @Test
    void membersOfAGangShareOnePlace() throws Exception {
        ShippedFiles north = node("north");
        north.put(order("job-1", place, file("app.jar", "jar")));
        north.put(order("job-1.1", place, file("app.jar", "jar")));

        north.release("job-1");
        assertThat(place).exists();
        north.release("job-1.1");
        assertThat(place).doesNotExist();
    }

    @Test
    void whatIsNotWhatItsHashSaysIsNotPutThere() throws Exception {
        ShippedFile file = file("app.jar", "jar");
        Files.writeString(pool.file(TENANT, file.sha256()), "ja!");

        assertThatThrownBy(() -> node("north").put(order("job-1", place, file)))
                .isInstanceOf(IOException.class)
                .hasMessage("file app.jar came damaged from the pool");
        assertThat(place).doesNotExist();
    }

    @Test
    void namesAndPlacesThatLeadElsewhereAreRefused() throws Exception {
        for (String name : List.of("../x", "/etc/x", "a/../../x", ".", "")) {
            ShippedFile file = file(name, "x");
            assertThatThrownBy(() -> node("north").put(order("job-1", place, file)))
                    .as(name)
                    .isInstanceOf(IOException.class);
        }
        ShippedFile good = file("app.jar", "jar");
        for (Path where : List.of(directory.resolve("elsewhere"), root.resolve("ingot-files-x"), Path.of("/"))) {
            assertThatThrownBy(() -> node("north").put(order("job-1", where, good)))
                    .hasMessageContaining("is no place for files");
        }
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void aLinkInThePlaceIsNotFollowed() throws Exception {
        ShippedFile file = file("app.jar", "jar");
        Path trap = Files.createDirectory(directory.resolve("trap"));
        Files.writeString(trap.resolve("app.jar"), "bad");
        Files.createSymbolicLink(place, trap);

        assertThatThrownBy(() -> node("north").put(order("job-1", place, file))).isInstanceOf(IOException.class);
        assertThat(trap.resolve("app.jar")).hasContent("bad");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}
