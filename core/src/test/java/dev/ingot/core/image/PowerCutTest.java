package dev.ingot.core.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ingot.core.seal.KeyName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power is cut before every operation on the disk in turn, and of what was not forced all, nothing or a part is there afterwards. What
 * was complete before is whole; what was reported as complete is there; the rest is removed by the next writer.
 */
class PowerCutTest {
    private static final int TRIALS = 6;
    private static final List<CrashingDisk.Unforced> UNFORCED =
            List.of(CrashingDisk.Unforced.KEPT, CrashingDisk.Unforced.LOST, CrashingDisk.Unforced.BY_CHANCE);
    private static final Map<String, byte[]> FIRST =
            Map.of("heap", "first ".repeat(50).getBytes(UTF_8));
    private static final Map<String, byte[]> SECOND =
            Map.of("heap", "second ".repeat(50).getBytes(UTF_8), "more", new byte[1]);

    @TempDir
    Path directory;

    private ImageKeys keys = ImageKeys.NONE;
    private int stores;

    @Test
    void leavesTheImageBeforeAsItWasWhileOneIsWritten() throws IOException {
        assertSurvivesAll(store -> SampleImages.write(store, SECOND), 12);
    }

    @Test
    void leavesTheImageBeforeAsItWasWhileASealedOneIsWritten() throws IOException {
        keys = ImageKeys.either(KeyName.parse("file:" + Files.write(directory.resolve("key"), new byte[32]))
                .provider());
        assertSurvivesAll(store -> SampleImages.write(store, SECOND), 14);
    }

    @Test
    void leavesTheImageBeforeAsItWasWhileOneGoesOnIt() throws IOException {
        assertSurvivesAll(PowerCutTest::goOn, 16);
    }

    @Test
    void leavesTheImageBeforeAsItWasWhileASealedOneGoesOnIt() throws IOException {
        keys = ImageKeys.either(KeyName.parse("file:" + Files.write(directory.resolve("key"), new byte[32]))
                .provider());
        assertSurvivesAll(PowerCutTest::goOn, 20);
    }

    private static ImageHandle goOn(ImageStore store) throws IOException {
        try (ImageWriter writer = store.begin(SampleImages.description())) {
            writer.goOn(store.newestComplete(SampleImages.NAME).orElseThrow());
            for (Map.Entry<String, byte[]> section : SECOND.entrySet()) {
                try (OutputStream out = writer.section(section.getKey())) {
                    out.write(section.getValue());
                }
            }
            return writer.commit(SampleImages.contents());
        }
    }

    /** Of an image that goes on another, which is not there yet or there already. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void copiesAnImageWhollyOrNotAtAll(boolean sealed) throws IOException {
        if (sealed) {
            keys = ImageKeys.either(KeyName.parse("file:" + Files.write(directory.resolve("key"), new byte[32]))
                    .provider());
        }
        ImageStore source = ImageStore.at(directory.resolve("source"), keys);
        ImageHandle first = SampleImages.write(source, FIRST);
        ImageHandle second = goOn(source);
        for (boolean firstIsThere : new boolean[] {false, true}) {
            Path home = Files.createDirectory(directory.resolve("base-" + firstIsThere));
            if (firstIsThere) {
                copy(first, ImageStore.at(home));
            }
            assertCopies(second, home);
        }
    }

    private void assertCopies(ImageHandle image, Path home) throws IOException {
        for (int cut = 0; ; cut++) {
            Path work = copyOf(home);
            CrashingDisk disk = new CrashingDisk(work, cut);
            boolean done = isDone(store -> copy(image, store), work, disk);
            for (Path after : states(disk, cut)) {
                ImageStore store = ImageStore.at(after, keys);
                boolean there = Files.exists(after.resolve(SampleImages.NAME)
                        .resolve(image.directory().getFileName()));
                assertThat(there || !done).as("cut before operation %d", cut).isTrue();
                // Begun again, whatever is there of it.
                Path copied = copy(image, store).image();
                ImageHandle handle = ImageStore.open(copied, keys);
                assertThat(ImageStore.verify(handle).broken())
                        .as("cut before operation %d", cut)
                        .isEmpty();
                assertThat(ImageStoreTest.readSeries(handle, "heap")).startsWith(FIRST.get("heap"));
            }
            if (done) {
                assertThat(cut).isGreaterThan(10);
                return;
            }
        }
    }

    private static ImageCopy copy(ImageHandle image, ImageStore target) throws IOException {
        try (CarriedImage carried = ImageStore.carried(image.directory())) {
            return target.receive(carried);
        }
    }

    @Test
    void removesAnImageWhollyOrNotAtAll() throws IOException {
        Path home = Files.createDirectory(directory.resolve("base"));
        SampleImages.write(ImageStore.at(home), FIRST);
        ImageHandle second = SampleImages.write(ImageStore.at(home), SECOND);
        for (int cut = 0; ; cut++) {
            Path work = copyOf(home);
            CrashingDisk disk = new CrashingDisk(work, cut);
            boolean done = isDone(
                    store -> {
                        store.delete(work.resolve(SampleImages.NAME)
                                .resolve(second.directory().getFileName()));
                        return second;
                    },
                    work,
                    disk);
            for (Path after : states(disk, cut)) {
                assertWhole(after, Optional.of(FIRST), !done);
            }
            if (done) {
                assertThat(cut).isGreaterThan(2);
                return;
            }
        }
    }

    @Test
    void opensWithOneOfTwoKeysWhileOneReplacesTheOther() throws IOException {
        KeyName old = KeyName.parse("file:" + Files.write(directory.resolve("old"), new byte[32]));
        KeyName fresh = KeyName.parse("file:" + Files.writeString(directory.resolve("fresh"), "f".repeat(32)));
        keys = ImageKeys.sealedOnly(old.provider());
        Path home = Files.createDirectory(directory.resolve("base"));
        Path image = SampleImages.write(ImageStore.at(home, keys), FIRST).directory();
        for (int cut = 0; ; cut++) {
            Path work = copyOf(home);
            CrashingDisk disk = new CrashingDisk(work, cut);
            Path there = work.resolve(home.relativize(image));
            boolean done = isDone(
                    store -> {
                        store.rewrap(there, fresh.provider());
                        return there;
                    },
                    work,
                    disk);
            for (Path after : states(disk, cut)) {
                Path survivor = after.resolve(home.relativize(image));
                boolean byOld = opens(survivor, old);
                boolean byFresh = opens(survivor, fresh);
                assertThat(byOld ^ byFresh).as("cut before operation %d", cut).isTrue();
                assertThat(byFresh || !done).isTrue();
            }
            if (done) {
                assertThat(cut).isGreaterThan(3);
                return;
            }
        }
    }

    private static boolean opens(Path image, KeyName key) throws IOException {
        try {
            ImageHandle handle = ImageStore.open(image, ImageKeys.sealedOnly(key.provider()));
            return ImageStore.verify(handle).isIntact();
        } catch (ImageException anotherKey) {
            assertThat(anotherKey.problem()).isEqualTo(ImageProblem.KEY);
            return false;
        }
    }

    private void assertSurvivesAll(Work write, int leastOperations) throws IOException {
        Path home = Files.createDirectory(directory.resolve("base"));
        SampleImages.write(ImageStore.at(home, keys), FIRST);
        for (int cut = 0; ; cut++) {
            Path work = copyOf(home);
            CrashingDisk disk = new CrashingDisk(work, cut);
            boolean done = isDone(write, work, disk);
            for (Path after : states(disk, cut)) {
                assertWhole(after, done ? Optional.of(SECOND) : Optional.empty(), true);
            }
            if (done) {
                assertThat(cut).isGreaterThanOrEqualTo(leastOperations);
                return;
            }
        }
    }

    private interface Work {
        Object on(ImageStore store) throws IOException;
    }

    private boolean isDone(Work work, Path store, CrashingDisk disk) throws IOException {
        try {
            Object result = work.on(new ImageStore(store, disk, Clock.systemUTC(), Thread::new, keys));
            assertThat(disk.isDead()).as("reported as done: " + result).isFalse();
            return true;
        } catch (ImageException failure) {
            assertThat(disk.isDead()).as(failure.toString()).isTrue();
            return false;
        }
    }

    private Path[] states(CrashingDisk disk, int cut) throws IOException {
        Path[] states = new Path[TRIALS];
        for (int trial = 0; trial < TRIALS; trial++) {
            states[trial] = directory.resolve("after-" + stores++);
            CrashingDisk.Unforced unforced = UNFORCED.get(Math.min(trial, UNFORCED.size() - 1));
            disk.afterwards(states[trial], unforced, new Random(cut * 31L + trial));
        }
        return states;
    }

    /**
     * @param newest what the newest image must hold; empty if the first or the second will do
     * @param mayBeSecond whether the second may be there
     */
    private void assertWhole(Path home, Optional<Map<String, byte[]>> newest, boolean mayBeSecond) throws IOException {
        ImageStore store = ImageStore.at(home, keys);
        ImageHandle sound = store.newestSound(
                        SampleImages.NAME,
                        broken -> assertThat(broken.getMessage()).contains(home.toString()))
                .orElseGet(() -> fail("no sound image in " + home));
        assertThat(ImageStore.verify(sound).broken()).isEmpty();
        Map<String, byte[]> expected = sound.manifest().sequence() == 1 || !mayBeSecond ? FIRST : SECOND;
        newest.filter(content -> mayBeSecond && content == SECOND)
                .ifPresent(content -> assertThat(sound.manifest().sequence()).isEqualTo(2));
        for (Map.Entry<String, byte[]> section : expected.entrySet()) {
            assertThat(ImageStoreTest.read(sound, section.getKey())).isEqualTo(section.getValue());
        }
        SampleImages.write(store, FIRST);
        try (Stream<Path> entries = Files.list(home.resolve(SampleImages.NAME))) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .allMatch(name -> name.equals(".lock") || ImageStore.isImageDirectory(name));
        }
    }

    private Path copyOf(Path home) throws IOException {
        Path copy = directory.resolve("work-" + stores++);
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.toList()) {
                Files.copy(path, copy.resolve(home.relativize(path).toString()));
            }
        }
        return copy;
    }
}
