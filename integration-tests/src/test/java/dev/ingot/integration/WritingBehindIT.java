package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.program.Transfers;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images are compressed and written while the program runs on and changes what was copied; each goes on the one before and says
 * what changed.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class WritingBehindIT {
    private static final int IMAGES = 4;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final Jdk jdk = Jdk.ofThisProcess();

    /** With room for the whole image, and with room for so little that threads stand until nearly all is written. */
    @ParameterizedTest
    @ValueSource(strings = {"1g", "1m"})
    void everyImageIsOfOneInstant(String buffer) throws Exception {
        Path end = directory.resolve("end");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), transfersUntil(end))) {
            run.start(jdk, "name=transfers", "every=50ms", "buffer=" + buffer);
            run.awaitOrEnd("images", () -> images(run).size() >= IMAGES);
            run.kill();
            List<ImageHandle> images = images(run);
            Files.createFile(end);

            for (ImageHandle image : images.subList(images.size() - IMAGES, images.size())) {
                assertSound(run, image);
            }
        }
    }

    /** The program has a process beside it that compresses; one that is killed is missed in no image. */
    @Test
    void imagesAreCompressedBesideTheProgram() throws Exception {
        Path end = directory.resolve("end");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), transfersUntil(end))) {
            run.start(jdk, "name=transfers", "every=50ms", "offload=on");
            run.awaitOrEnd("images", () -> images(run).size() >= 2);
            List<ProcessHandle> beside = run.process().children().toList();
            assertThat(beside).hasSize(1);
            beside.forEach(ProcessHandle::destroyForcibly);
            int before = images(run).size();
            run.awaitOrEnd("more images", () -> images(run).size() >= before + 2);
            List<ProcessHandle> later = run.process().descendants().toList();
            run.kill();
            Files.createFile(end);

            for (ProcessHandle each : later) {
                each.onExit().get(1, TimeUnit.MINUTES);
            }
            List<ImageHandle> images = images(run);
            assertSound(run, images.get(0));
            assertSound(run, images.get(images.size() - 1));
        }
    }

    /** An image holds what changed since the one before, and is whole without it. */
    @Test
    void everyImageIsWholeByItself() throws Exception {
        Path end = directory.resolve("end");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), transfersUntil(end))) {
            run.start(jdk, "name=transfers", "every=50ms");
            run.awaitOrEnd(
                    "an image that goes on others",
                    () -> images(run).stream()
                            .anyMatch(image -> !image.manifest().before().isEmpty()));
            run.kill();
            Files.createFile(end);
            ImageStore store = ImageStore.at(run.images());
            List<ImageHandle> images = images(run);
            ImageHandle chosen = images.stream()
                    .filter(image -> !image.manifest().before().isEmpty())
                    .findFirst()
                    .orElseThrow();
            for (ImageHandle image : images) {
                if (!image.directory().equals(chosen.directory())) {
                    store.delete(image);
                }
            }

            assertSound(run, ImageStore.open(chosen.directory()));
        }
    }

    private static void assertSound(ProgramRun run, ImageHandle image) throws Exception {
        assertThat(ImageStore.verify(image).isIntact()).isTrue();
        run.separateOutput();
        run.resume(image.directory());
        Outcome outcome = run.awaitOutcome();
        List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
        assertThat(last).as(outcome.error()).allMatch(line -> line.startsWith("sound"));
        assertThat(last).endsWith("sound at the end");
    }

    private static Program transfersUntil(Path end) {
        return Program.of(Transfers.class, end.toString());
    }

    private static List<ImageHandle> images(ProgramRun run) {
        try {
            return ImageStore.at(run.images()).list();
        } catch (ImageException failure) {
            throw new AssertionError("cannot list " + run.images(), failure);
        }
    }
}
