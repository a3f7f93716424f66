package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.CarriedImage;
import dev.ingot.core.image.ImageArchive;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.KeyName;
import dev.ingot.integration.program.Transfers;
import dev.ingot.store.RemoteImage;
import dev.ingot.store.Repository;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A program goes on from a sealed image that says only what changed, wherever that was carried and whatever became of the others. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SealedSeriesIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private KeyName key(String name, String bytes) throws IOException {
        return KeyName.parse("file:" + Files.writeString(directory.resolve(name), bytes));
    }

    @Test
    void goesOnAfterEveryVerb() throws Exception {
        Path end = directory.resolve("end");
        KeyName key = key("key", "0123456789abcdef0123456789abcdef");
        KeyName fresh = key("fresh", "y".repeat(32));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), Program.of(Transfers.class, end.toString()))) {
            run.start(Jdk.ofThisProcess(), "name=transfers", "every=50ms", "incremental=on", "key=" + key);
            ImageStore store = ImageStore.at(run.images(), ImageKeys.sealedOnly(key.provider()));
            run.awaitOrEnd("an image that goes on another", () -> newest(store) != null);
            run.kill();
            Files.createFile(end);
            ImageHandle image = newest(store);
            Path directoryOfImage = Objects.requireNonNull(image).directory();

            ImageStore copies = ImageStore.at(directory.resolve("copies"));
            Path copy = received(ImageStore.carried(directoryOfImage), copies);
            Path file = directory.resolve("image.zip");
            try (CarriedImage carried = ImageStore.carried(directoryOfImage)) {
                ImageArchive.export(carried, file);
            }
            Path imported = ImageArchive.restore(file, ImageStore.at(directory.resolve("imports")))
                    .image();
            Path downloaded = throughARepository(directoryOfImage);
            for (Path other : store.directories("transfers")) {
                if (!other.equals(directoryOfImage)) {
                    store.erase(other);
                    store.delete(other);
                }
            }
            assertSound(run, directoryOfImage, key);
            assertSound(run, copy, key);
            assertSound(run, imported, key);
            assertSound(run, downloaded, key);

            assertThat(ImageStore.at(run.images(), ImageKeys.sealedOnly(key.provider()))
                            .rewrap(directoryOfImage, fresh.provider()))
                    .isTrue();
            assertSound(run, directoryOfImage, fresh);
        }
    }

    private Path throughARepository(Path image) throws IOException {
        try (Repository repository =
                        Repository.open(directory.resolve("repository").toUri());
                CarriedImage carried = ImageStore.carried(image)) {
            assertThat(repository.push(carried).changed()).isTrue();
            RemoteImage remote = repository.images("transfers").get(0);
            return received(repository.carried(remote), ImageStore.at(directory.resolve("downloads")));
        }
    }

    private static Path received(CarriedImage image, ImageStore target) throws IOException {
        try (image) {
            return target.receive(image).image();
        }
    }

    private static void assertSound(ProgramRun run, Path image, KeyName key) throws Exception {
        run.separateOutput();
        run.resume(image, "--key", key.toString());
        Outcome outcome = run.awaitOutcome();
        List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
        assertThat(last).as(outcome.error()).allMatch(line -> line.startsWith("sound"));
        assertThat(last).endsWith("sound at the end");
    }

    /** The newest image that goes on another; null if there is none yet. */
    private static @Nullable ImageHandle newest(ImageStore store) {
        try {
            List<ImageHandle> images = store.list();
            return images.stream()
                    .filter(image -> !image.manifest().before().isEmpty())
                    .reduce((older, newer) -> newer)
                    .orElse(null);
        } catch (ImageException failure) {
            throw new AssertionError("cannot list " + store.directory(), failure);
        }
    }
}
