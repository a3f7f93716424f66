package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ingot.agent.log.AgentLog;
import dev.ingot.agent.log.LogLevel;
import dev.ingot.agent.weave.WeaveRequest;
import dev.ingot.agent.weave.Weaver;
import dev.ingot.agent.weave.WovenClass;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WovenCacheTest {
    private static final String NAME = "java/util/TimSort";
    private static final int LARGEST = 1 << 22;

    @TempDir
    private Path base;

    @Test
    void findsInALaterJvmWhatWasWovenBefore() throws IOException {
        byte[] classFile = classFile();
        WovenClass woven = woven(classFile);
        WovenCache cache = cache("build 1");
        cache.add(NAME, classFile, woven);
        cache.add("java/util/Nothing", classFile, null);
        cache.save();

        WovenCache later = cache("build 1");

        WovenCache.Entry found = Objects.requireNonNull(later.find(NAME, classFile));
        assertThat(found.woven()).isEqualTo(woven.bytes());
        assertThat(Objects.requireNonNull(found.readSites()).write())
                .isEqualTo(woven.sites().write());
        assertThat(Objects.requireNonNull(later.find("java/util/Nothing", classFile))
                        .woven())
                .isNull();
        assertThat(later.names()).containsExactly(NAME);
        assertThat(later.leavesAlone("java/util/Nothing")).isTrue();
        assertThat(later.leavesAlone(NAME)).isFalse();
    }

    @Test
    void findsNothingForAClassThatAnotherAgentChanged() throws IOException {
        byte[] classFile = classFile();
        WovenCache cache = cache("build 1");
        cache.add(NAME, classFile, woven(classFile));

        classFile[classFile.length - 1] ^= 1;

        assertThat(cache.find(NAME, classFile)).isNull();
    }

    @Test
    void findsNothingFromAnotherBuild() throws IOException {
        byte[] classFile = saved();

        assertThat(cache("build 2").find(NAME, classFile)).isNull();
    }

    @Test
    void ignoresADamagedFileAndReplacesIt() throws IOException {
        byte[] classFile = saved();
        Path file = onlyFile();
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);

        WovenCache cache = cache("build 1");

        assertThat(cache.find(NAME, classFile)).isNull();
        cache.add(NAME, classFile, woven(classFile));
        cache.save();
        assertThat(cache("build 1").find(NAME, classFile)).isNotNull();
    }

    @Test
    void ignoresADirectoryOthersMayEnter() throws IOException {
        byte[] classFile = saved();

        Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(cache("build 1").find(NAME, classFile)).isNull();
    }

    @Test
    void keepsWhatNoStartCanLoadByNameOutOfTheNames() throws IOException {
        byte[] classFile = classFile();
        WovenClass woven = woven(classFile);
        WovenCache cache = cache("build 1");
        cache.addSpecial("a/Hidden$$Lambda", classFile, woven.bytes(), woven.sites(), true);
        cache.addSpecial("a/Hidden$$Form", classFile, null, woven.sites(), false);
        cache.save();

        WovenCache later = cache("build 1");

        assertThat(later.names()).isEmpty();
        WovenCache.Entry lambda = Objects.requireNonNull(later.find("a/Hidden$$Lambda", classFile));
        assertThat(lambda.outgrown()).isTrue();
        assertThat(lambda.woven()).isEqualTo(woven.bytes());
        WovenCache.Entry form = Objects.requireNonNull(later.find("a/Hidden$$Form", classFile));
        assertThat(form.woven()).isNull();
        assertThat(Objects.requireNonNull(form.readSites()).write())
                .isEqualTo(woven.sites().write());
    }

    @Test
    void leavesRoomBesideWhatMayBeThereInAnyNumber() throws IOException {
        byte[] large = new byte[1 << 20];
        WovenCache cache = cache("build 1");
        for (int i = 0; i < 8; i++) {
            cache.addSpecial("a/Hidden" + i, large, large, null, false);
        }

        byte[] classFile = classFile();
        cache.add(NAME, classFile, woven(classFile));

        assertThat(cache.find("a/Hidden7", large)).isNull();
        assertThat(cache.find(NAME, classFile)).isNotNull();
    }

    @Test
    void keepsWhatTwoJvmsAddedAtTheSameTime() throws IOException {
        byte[] classFile = classFile();
        WovenCache one = cache("build 1");
        WovenCache other = cache("build 1");
        one.add(NAME, classFile, woven(classFile));
        other.add("java/util/Nothing", classFile, null);

        one.save();
        other.save();

        WovenCache later = cache("build 1");
        assertThat(later.find(NAME, classFile)).isNotNull();
        assertThat(later.find("java/util/Nothing", classFile)).isNotNull();
        assertThat(other.find(NAME, classFile))
                .as("what the other one added before")
                .isNotNull();
    }

    @Test
    void aDamagedRecordLeavesTheOthers() throws IOException {
        byte[] classFile = classFile();
        WovenCache cache = cache("build 1");
        cache.addWithoutSites("a/First", classFile, classFile);
        cache.save();
        cache.addWithoutSites("a/Second", classFile, classFile);
        cache.save();
        Path file = onlyFile();
        byte[] content = Files.readAllBytes(file);
        content[content.length - classFile.length / 2] ^= 1;
        Files.write(file, content);

        WovenCache later = cache("build 1");

        assertThat(later.find("a/First", classFile)).isNotNull();
        assertThat(later.find("a/Second", classFile)).isNull();
        later.addWithoutSites("a/Second", classFile, classFile);
        later.save();
        assertThat(cache("build 1").find("a/Second", classFile)).isNotNull();
    }

    /** Wherever a crash or a full disk ended the file. */
    @Test
    void goesOnBehindTheLastWholeRecord() throws IOException {
        byte[] small = {1, 2, 3};
        WovenCache cache = cache("build 1");
        cache.addWithoutSites("a/First", small, small);
        cache.save();
        Path file = onlyFile();
        int whole = (int) Files.size(file);
        cache.addWithoutSites("a/Second", small, small);
        cache.save();
        byte[] content = Files.readAllBytes(file);

        for (int length = 0; length < content.length; length++) {
            Files.write(file, Arrays.copyOf(content, length));
            WovenCache torn = cache("build 1");
            assertThat(torn.find("a/First", small) != null)
                    .as("%d bytes", length)
                    .isEqualTo(length >= whole);
            assertThat(torn.find("a/Second", small)).isNull();
            torn.addWithoutSites("a/Third", small, small);
            torn.save();
            WovenCache later = cache("build 1");
            assertThat(later.find("a/First", small) != null).isEqualTo(length >= whole);
            assertThat(later.find("a/Third", small)).isNotNull();
        }
    }

    @Test
    void beginsAFullFileAnew() throws IOException {
        byte[] large = new byte[1 << 20];
        for (int i = 0; i < 4; i++) {
            WovenCache cache = cache("build 1");
            cache.addWithoutSites("a/Large" + i, large, large);
            cache.save();
        }

        WovenCache reader = cache("build 1");
        assertThat(reader.find("a/Large3", large)).isNotNull();
        assertThat(reader.find("a/Large2", large))
                .as("the fourth did not fit behind it")
                .isNull();
        assertThat(Files.size(onlyFile())).isLessThan(LARGEST);
    }

    /** What a program loads first is held in its heap until it is written. */
    @Test
    void writesInPassingWhatWouldFillTheHeap() throws IOException {
        byte[] large = new byte[1 << 18];
        WovenCache cache =
                WovenCache.of(new WovenCacheFile(directory(), "build 1"), 1 << 28, AgentLog.toStderr(LogLevel.QUIET));
        for (int i = 0; i < 64; i++) {
            cache.addWithoutSites("a/Large" + i, large, large);
        }

        await().untilAsserted(() ->
                assertThat(cache("build 1").find("a/Large0", large)).isNotNull());
    }

    /** A JVM that reads the file goes on reading while another one begins it anew. */
    @Test
    void readsAFileThatGaveItsPlaceToAnother() throws IOException {
        byte[] classFile = saved();
        WovenCache reader = cache("build 1");
        Files.delete(onlyFile());
        saved();

        assertThat(reader.find(NAME, classFile)).isNotNull();
    }

    @Test
    void makesNoCacheInAHomeThatHasNone() throws IOException {
        Path home = Files.createDirectory(base.resolve("home"));
        assertThat(WovenCacheFile.directory(null, home.toString()).toString()).startsWith("/tmp/ingot-cache-");

        Files.createDirectory(home.resolve(".cache"));
        assertThat(WovenCacheFile.directory(null, home.toString())).isEqualTo(home.resolve(".cache/ingot"));

        assertThat(WovenCacheFile.directory("/elsewhere", home.toString())).isEqualTo(Path.of("/elsewhere/ingot"));
    }

    /** Writing loads classes, which may wait for a thread that loads a class, weaves it and asks the cache. */
    @Test
    void canBeAskedWhileItIsWritten() throws IOException {
        byte[] classFile = classFile();
        WovenCache[] cache = new WovenCache[1];
        boolean[] locked = {true};
        WovenCacheFile file = new WovenCacheFile(directory(), "build 1") {
            @Override
            WovenRecords append(Map<WovenKey, WovenCache.Entry> added, int largest) {
                locked[0] = Thread.holdsLock(cache[0]);
                return WovenRecords.none();
            }
        };
        cache[0] = WovenCache.of(file, LARGEST, AgentLog.toStderr(LogLevel.QUIET));
        cache[0].add(NAME, classFile, woven(classFile));

        cache[0].save();

        assertThat(locked[0]).isFalse();
    }

    @Test
    void removesTheOldestOfManyFiles() throws IOException {
        saved();
        Path oldest = directory().resolve("woven-oldest");
        for (int i = 0; i < 70; i++) {
            Files.createFile(directory().resolve("woven-" + i));
        }
        Files.createFile(oldest);
        Path cards = Files.createDirectory(directory().resolve("cards"));
        Path card = Files.createFile(cards.resolve("card"));
        for (Path old : List.of(oldest, card, cards)) {
            Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(100, ChronoUnit.DAYS)));
        }

        byte[] classFile = saved("build 2");

        assertThat(oldest).doesNotExist();
        assertThat(card).exists();
        assertThat(Objects.requireNonNull(directory().toFile().list())).hasSizeLessThan(70);
        assertThat(cache("build 2").find(NAME, classFile)).isNotNull();
    }

    private byte[] saved() throws IOException {
        return saved("build 1");
    }

    private byte[] saved(String build) throws IOException {
        byte[] classFile = classFile();
        WovenCache cache = cache(build);
        cache.add(NAME, classFile, woven(classFile));
        cache.save();
        assertThat(cache(build).find(NAME, classFile)).isNotNull();
        return classFile;
    }

    private WovenCache cache(String build) {
        return WovenCache.of(new WovenCacheFile(directory(), build), LARGEST, AgentLog.toStderr(LogLevel.QUIET));
    }

    private Path directory() {
        return base.resolve("ingot");
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.findAny().orElseThrow();
        }
    }

    private static byte[] classFile() throws IOException {
        try (InputStream stream = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(NAME + ".class"))) {
            return stream.readAllBytes();
        }
    }

    private static WovenClass woven(byte[] classFile) {
        WeaveRequest request = new WeaveRequest(true, false, false, Set.of());
        return Objects.requireNonNull(new Weaver(new ResourceHierarchy(null, classFile)).weave(classFile, request));
    }
}
