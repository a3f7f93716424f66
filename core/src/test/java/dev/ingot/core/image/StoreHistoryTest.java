package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.seal.KeyName;
import dev.ingot.core.seal.KeyProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers, deleters and pruners at work on two stores at the same time, and copies from one to the other, also by way of a file; on a disk
 * that is full now and then, and in processes that are killed. Whatever happens, each image that was reported as complete and that nobody deleted is whole, nothing else passes for an image,
 * and what is left behind goes once somebody prunes. {@code -Dingot.seed=N} runs one history again.
 */
class StoreHistoryTest {
    private static final int HISTORIES = 30;
    private static final int STEPS = 60;
    private static final int MOST_WRITERS = 4;

    @TempDir
    Path directory;

    @Test
    void keepsWhatIsCompleteAndNothingElse() throws IOException {
        Long chosen = Long.getLong("ingot.seed");
        long first = chosen != null ? chosen : System.nanoTime();
        for (long seed = first; seed < first + (chosen != null ? 1 : HISTORIES); seed++) {
            try {
                new History(directory.resolve("store-" + seed), seed).run();
            } catch (AssertionError | IOException | RuntimeException failure) {
                throw new AssertionError("run again with -Dingot.seed=" + seed, failure);
            }
        }
    }

    private static final class History {
        private final List<Path> homes;
        private final Path archive;
        private final Random random;
        private final List<Open> open = new ArrayList<>();
        /** By their directories, what the heaps of images say. */
        private final Map<Path, String> complete = new LinkedHashMap<>();
        /** Of which it was not reported whether they are there. */
        private final Map<Path, String> uncertain = new LinkedHashMap<>();

        private Instant now = Instant.parse("2025-01-02T03:04:05Z");
        private int images;

        private record Open(UnreliableDisk disk, ImageWriter writer, String content) {}

        private final ImageKeys keys;

        History(Path home, long seed) throws IOException {
            this.homes = List.of(home, home.resolveSibling(home.getFileName() + "-other"));
            this.archive = home.resolveSibling(home.getFileName() + ".zip");
            this.random = new Random(seed);
            this.keys = random.nextBoolean() ? ImageKeys.NONE : ImageKeys.sealedOnly(key(home.resolveSibling("key")));
        }

        private static KeyProvider key(Path file) throws IOException {
            return KeyName.parse("file:" + Files.write(file, new byte[32])).provider();
        }

        private ImageStore storeOn(Disk disk) {
            return storeOn(disk, homes.get(random.nextInt(homes.size())));
        }

        private ImageStore storeOn(Disk disk, Path home) {
            return new ImageStore(home, disk, Clock.fixed(now, ZoneOffset.UTC), Thread::new, keys);
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                // Mostly two things happen in the same millisecond.
                now = now.plusMillis(random.nextInt(4) == 0 ? 1 : 0);
                switch (random.nextInt(11)) {
                    case 0, 1, 2 -> begin();
                    case 3, 4 -> commit();
                    case 5 -> abandon();
                    case 6 -> delete();
                    case 7, 8 -> copy();
                    case 9 -> copyByFile();
                    default -> prune();
                }
                check();
            }
            while (!open.isEmpty()) {
                abandon();
            }
            check();
            now = Instant.now().plus(Duration.ofDays(30));
            for (Path home : homes) {
                storeOn(new FileDisk(), home).removeUnfinished(SampleImages.NAME);
                checkNothingIsLeft(home);
            }
        }

        private void begin() {
            if (open.size() == MOST_WRITERS) {
                return;
            }
            UnreliableDisk disk = disk();
            @Nullable ImageWriter writer = null;
            try {
                writer = storeOn(disk).begin(SampleImages.description());
                String content = goOn(writer) + "image " + images++ + ' ' + "x".repeat(random.nextInt(3000)) + '\n';
                try (OutputStream out = writer.section("heap")) {
                    out.write(content.substring(content.lastIndexOf("image ")).getBytes(UTF_8));
                }
                open.add(new Open(disk, writer, content));
            } catch (IOException failed) {
                close(writer);
            }
        }

        /** What the image says that the new one goes on. */
        private String goOn(ImageWriter writer) throws IOException {
            if (complete.isEmpty() || random.nextInt(3) == 0) {
                return "";
            }
            Path earlier = any(complete.keySet());
            writer.goOn(ImageStore.open(earlier, keys));
            return complete.getOrDefault(earlier, "");
        }

        private UnreliableDisk disk() {
            UnreliableDisk disk = new UnreliableDisk();
            plan(disk);
            return disk;
        }

        private void plan(UnreliableDisk disk) {
            UnreliableDisk.Fault[] all = UnreliableDisk.Fault.values();
            disk.plan(
                    random.nextInt(3) == 0 ? all[random.nextInt(all.length)] : UnreliableDisk.Fault.NONE,
                    random.nextInt(14));
        }

        private void commit() throws IOException {
            if (open.isEmpty()) {
                return;
            }
            Open chosen = open.remove(random.nextInt(open.size()));
            plan(chosen.disk);
            Set<Path> before = listed();
            try {
                Path image = chosen.writer.commit(SampleImages.contents()).directory();
                complete.put(image, chosen.content);
            } catch (ImageException failed) {
                // Killed before it could say so, or unable to take it back.
                for (Path there : listed()) {
                    if (!before.contains(there)) {
                        assertThat(chosen.disk.isKilled())
                                .as("an image that failed is there: %s", failed)
                                .isTrue();
                        uncertain.put(there, chosen.content);
                    }
                }
            }
            close(chosen.writer);
        }

        private void abandon() {
            if (!open.isEmpty()) {
                Open chosen = open.remove(random.nextInt(open.size()));
                plan(chosen.disk);
                close(chosen.writer);
            }
        }

        /** Also what the end of a process closes. */
        private static void close(@Nullable ImageWriter writer) {
            try {
                if (writer != null) {
                    writer.close();
                }
            } catch (ImageException failed) {
                assertThat(failed).hasMessageContaining("killed");
            }
        }

        private void copy() throws IOException {
            if (!complete.isEmpty()) {
                Path image = any(complete.keySet());
                try (CarriedImage carried = ImageStore.carried(image)) {
                    bring(image, store -> store.receive(carried));
                }
            }
        }

        private void copyByFile() throws IOException {
            if (complete.isEmpty()) {
                return;
            }
            Path image = any(complete.keySet());
            UnreliableDisk disk = disk();
            Files.deleteIfExists(archive);
            try (CarriedImage carried = ImageStore.carried(image)) {
                ImageArchive.export(carried, archive, disk);
            } catch (ImageException failed) {
                assertThat(Files.exists(archive))
                        .as("an archive that failed is there: %s", failed)
                        .isFalse();
                return;
            }
            bring(image, store -> ImageArchive.restore(archive, store));
        }

        private interface Bringing {
            ImageCopy into(ImageStore store) throws ImageException;
        }

        /** Into the store that the image is not in. */
        private void bring(Path image, Bringing bringing) throws IOException {
            Path target = homes.get(image.startsWith(homes.get(0)) ? 1 : 0);
            String content = complete.getOrDefault(image, "");
            UnreliableDisk disk = disk();
            Set<Path> before = listed();
            try {
                Path copy = bringing.into(storeOn(disk, target)).image();
                complete.put(copy, content);
                uncertain.remove(copy);
            } catch (ImageException failed) {
                for (Path there : listed()) {
                    if (!before.contains(there)) {
                        assertThat(disk.isKilled())
                                .as("a copy that failed is there: %s", failed)
                                .isTrue();
                        uncertain.put(there, content);
                    }
                }
            }
        }

        private void delete() {
            if (!complete.isEmpty()) {
                delete(any(complete.keySet()));
            }
        }

        private void delete(Path image) {
            String content = complete.remove(image);
            try {
                storeOn(disk(), homes.get(image.startsWith(homes.get(0)) ? 0 : 1))
                        .delete(image);
            } catch (ImageException failed) {
                if (Files.exists(image)) {
                    uncertain.put(image, content == null ? uncertain.get(image) : content);
                }
                return;
            }
            uncertain.remove(image);
        }

        private void prune() throws IOException {
            UnreliableDisk disk = disk();
            ImageStore store = storeOn(disk);
            try {
                store.removeUnfinished(SampleImages.NAME);
            } catch (ImageException failed) {
                return;
            }
            for (Path image : store.condemned(
                    List.of(SampleImages.NAME), Retention.newest(1 + random.nextInt(4)), Long.MAX_VALUE)) {
                delete(image);
            }
        }

        private <T> T any(Set<T> all) {
            return new ArrayList<>(all).get(random.nextInt(all.size()));
        }

        private Set<Path> listed() throws IOException {
            Set<Path> all = new HashSet<>();
            for (Path home : homes) {
                all.addAll(ImageStore.at(home).directories(SampleImages.NAME));
            }
            return all;
        }

        private void check() throws IOException {
            Set<Path> there = listed();
            assertThat(there).containsAll(complete.keySet());
            for (Path image : there) {
                String content = complete.containsKey(image) ? complete.get(image) : uncertain.get(image);
                assertThat(content).as("%s passes for an image", image).isNotNull();
                ImageHandle handle = ImageStore.open(image, keys);
                assertThat(ImageStore.verify(handle).broken()).isEmpty();
                assertThat(new String(ImageStoreTest.readSeries(handle, "heap"), UTF_8))
                        .isEqualTo(content);
            }
        }

        private static void checkNothingIsLeft(Path home) throws IOException {
            Path ofName = home.resolve(SampleImages.NAME);
            if (Files.exists(ofName)) {
                try (Stream<Path> entries = Files.list(ofName)) {
                    assertThat(entries.map(entry -> entry.getFileName().toString()))
                            .allMatch(name -> name.equals(".lock") || ImageStore.isImageDirectory(name));
                }
            }
        }
    }
}
