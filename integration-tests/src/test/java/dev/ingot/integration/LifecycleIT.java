package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.ingot.core.control.ControlClient;
import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.FailureCode;
import dev.ingot.core.control.ProcessState;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageException;
import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageStore;
import dev.ingot.integration.program.Farewell;
import dev.ingot.integration.program.Heirs;
import dev.ingot.integration.program.Privileged;
import dev.ingot.integration.program.Steps;
import dev.ingot.integration.program.Stubborn;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A program's life over several processes: periodic images, signals, restarts by one and the same command, generations. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LifecycleIT {
    private static final String NAME = "steps";
    private static final String[] AUTO = {"name=" + NAME, "resume=auto"};
    private static final int EXIT_CODE = 3;
    private static final int TERMINATED = 143;
    private static final int GENERATIONS = 10;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final Jdk jdk = Jdk.ofThisProcess();
    private Brake brake = new Brake(Path.of(""));

    @BeforeEach
    void prepare() {
        brake = new Brake(directory.resolve("slow"));
    }

    @Test
    void goesOnUnderPeriodicImagesAndResumesFromTheNewest() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "every=200ms");
            run.awaitOrEnd("three images", () -> images(run).size() >= 3);
            run.kill();
            ImageHandle newest = newest(run);

            run.separateOutput();
            resumeSwiftly(run, newest.directory());

            assertOverlap(run.awaitOutcome());
        }
    }

    @Test
    void endsWithoutAWordOfImagesThatItNeedsNoMore() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), Program.of(Farewell.class))) {
            run.start(jdk, "every=10ms");

            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.output()).containsExactly("work", "farewell");
            assertThat(outcome.error()).isEmpty();
        }
    }

    @Test
    void takesBackWhatItWroteBehindItsImage() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk);
            run.awaitLines(3);
            TakenImage image = run.checkpoint();
            run.awaitLines(6);
            run.kill();

            resumeSwiftly(run, image.directory());

            assertWhole(run.awaitOutcome());
        }
    }

    @Test
    void isContinuedByItsOwnCommandAfterSigterm() throws Exception {
        try (ProgramRun run = begin()) {
            String[] options = {"name=" + NAME, "resume=auto", "on-sigterm=suspend"};
            run.start(jdk, options);
            run.awaitControl();
            run.awaitLines(3);
            run.terminate();
            assertThat(run.awaitExit()).as(run.error()).isEqualTo(ProgramRun.SUSPENDED);
            assertThat(images(run)).hasSize(1);

            brake.release();
            run.start(jdk, options);

            assertWhole(run.awaitOutcome());
        }
    }

    @Test
    void isSuspendedBySigtermInTheMidstOfPeriodicImages() throws Exception {
        try (ProgramRun run = begin()) {
            String[] options = {"name=" + NAME, "resume=auto", "on-sigterm=suspend", "every=1ms"};
            run.start(jdk, options);
            run.awaitOrEnd("two images", () -> images(run).size() >= 2);
            run.terminate();
            assertThat(run.awaitExit()).as(run.error()).isEqualTo(ProgramRun.SUSPENDED);

            brake.release();
            run.start(jdk, AUTO);

            assertWhole(run.awaitOutcome());
        }
    }

    @Test
    void goesOnWhenACheckpointThatItKeepsWaitingIsCancelled() throws Exception {
        Path end = directory.resolve("end");
        Program stubborn = Program.of(Stubborn.class, end.toString());
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), stubborn)) {
            run.start(jdk, "deadline=1h");
            run.awaitLines(1);
            run.awaitControl();
            CompletableFuture<FailureCode> answer = CompletableFuture.supplyAsync(() -> codeOfFailure(run));
            run.awaitOrEnd("a checkpoint under way", () -> state(run) == ProcessState.CHECKPOINTING);
            try (ControlClient client = ControlClient.connect(run.process().pid())) {
                client.cancel();
            }

            assertThat(answer.get()).isEqualTo(FailureCode.CANCELLED);
            assertThat(images(run)).isEmpty();
            Files.createFile(end);
            assertThat(run.awaitOutcome().output()).containsExactly("comparing", "[first]");
        }
    }

    private static FailureCode codeOfFailure(ProgramRun run) {
        try {
            return fail("there is an image: " + run.checkpoint());
        } catch (ControlException failure) {
            return failure.code();
        }
    }

    private static ProcessState state(ProgramRun run) {
        try (ControlClient client = ControlClient.connect(run.process().pid())) {
            return client.status().state();
        } catch (ControlException failure) {
            throw new AssertionError("cannot ask for the state", failure);
        }
    }

    @Test
    void endsInItsOwnWayAfterTheImageThatSigtermAskedFor() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "on-sigterm=checkpoint");
            run.awaitControl();
            run.awaitLines(3);
            run.terminate();
            assertThat(run.awaitExit()).as(run.error()).isEqualTo(TERMINATED);
            ImageHandle image = newest(run);

            run.separateOutput();
            resumeSwiftly(run, image.directory());
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.outputs().get(0)).endsWith("goodbye once");
            assertThat(outcome.outputs().get(1)).endsWith("goodbye once").doesNotContain("initialised");
            assertThat(outcome.exitCode()).isEqualTo(EXIT_CODE);
        }
    }

    @Test
    void isResumedWhereNothingHasBeenWovenYet() throws Exception {
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Privileged.class)))) {
            run.start(jdk);
            run.awaitLines(3);
            TakenImage image = run.suspend();

            run.forgetWovenClasses();
            resumeSwiftly(run, image.directory());

            Outcome outcome = run.awaitOutcome();
            assertThat(outcome.output()).as(outcome.error()).endsWith("15", "counted to 15");
        }
    }

    /** It ends without its shutdown hooks, and the next one to need its woven classes is its resume. */
    @Test
    void keepsWhatItWoveWhenItIsSuspended() throws Exception {
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Privileged.class)))) {
            run.forgetWovenClasses();
            run.start(jdk);
            run.awaitLines(3);

            run.suspend();

            assertThat(run.keepsWoven(Privileged.class)).isTrue();
        }
    }

    @Test
    void startsFreshWhereThereIsNoImage() throws Exception {
        try (ProgramRun run = begin()) {
            brake.release();
            run.start(jdk, AUTO);

            assertWhole(run.awaitOutcome());
        }
    }

    @Test
    void passesOverImagesThatAreNotWhole() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, AUTO);
            run.awaitLines(3);
            TakenImage whole = run.checkpoint();
            TakenImage damaged = run.checkpoint();
            TakenImage cut = run.checkpoint();
            run.kill();
            flipBit(damaged.directory().resolve("chunks.pack"));
            Files.write(cut.directory().resolve("chunks.pack"), new byte[1]);
            Path unfinished = Files.createDirectory(whole.directory().resolveSibling(".writing-1-1"));
            Files.createFile(unfinished.resolve("chunks.pack"));

            run.separateOutput();
            brake.release();
            run.start(jdk, AUTO);
            Outcome outcome = run.awaitOutcome();

            assertOverlap(outcome);
            assertThat(outcome.outputs().get(1)).doesNotContain("initialised");
            assertThat(outcome.error())
                    .contains("passes over an image", damaged.directory().toString());
        }
    }

    @Test
    void startsFreshWhereNoImageIsWhole() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, AUTO);
            run.awaitLines(1);
            TakenImage damaged = run.checkpoint();
            run.kill();
            flipBit(damaged.directory().resolve("chunks.pack"));

            run.separateOutput();
            brake.release();
            run.start(jdk, AUTO);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.outputs().get(1)).isEqualTo(wholeOutput());
            assertThat(outcome.error()).contains(damaged.directory().toString());
        }
    }

    @Test
    void livesThroughTenGenerations() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk);
            for (int generation = 1; generation <= GENERATIONS; generation++) {
                run.awaitControl();
                run.awaitLines(1 + 2 * generation);
                run.resume(run.suspend().directory());
            }
            brake.release();
            Outcome outcome = run.awaitOutcome();

            assertWhole(outcome);
            List<ImageHandle> images = ImageStore.at(run.images()).list();
            assertThat(images).hasSize(GENERATIONS);
            for (int generation = 1; generation < GENERATIONS; generation++) {
                assertThat(images.get(generation).manifest().parent())
                        .isEqualTo(images.get(generation - 1).manifest().id());
            }
        }
    }

    @Test
    void keepsTheThreadsOfAResumedProgramWhoseMainHasEnded() throws Exception {
        Program program = brake.on(Program.of(Heirs.class));
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program)) {
            run.start(jdk);
            for (int generation = 1; generation <= 3; generation++) {
                run.awaitLines(2 * generation);
                run.resume(run.suspend().directory());
            }
            brake.release();

            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            assertThat(outcome.output()).containsExactlyElementsOf(Heirs.lines());
        }
    }

    @Test
    void canBeResumedFromEachOfSeveralImages() throws Exception {
        List<Path> taken = new ArrayList<>();
        try (ProgramRun run = begin()) {
            run.start(jdk);
            for (int image = 1; image <= 3; image++) {
                run.awaitLines(4 * image);
                taken.add(run.checkpoint().directory());
            }
            brake.release();
            assertWhole(run.awaitOutcome());

            for (Path image : taken) {
                run.separateOutput();
                run.resume(image);
                Outcome outcome = run.awaitOutcome();
                List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
                assertThat(wholeOutput()).endsWith(last.toArray(new String[0]));
                assertThat(outcome.exitCode()).isEqualTo(EXIT_CODE);
                assertThat(outcome.files()).isEqualTo(wholeFiles());
            }
        }
    }

    /** A run of a program that goes slowly until the brake is released. */
    private ProgramRun begin() throws IOException {
        brake.pull();
        return ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Steps.class)));
    }

    private void resumeSwiftly(ProgramRun run, Path image) throws IOException {
        brake.release();
        run.resume(image);
    }

    private static List<ImageHandle> images(ProgramRun run) {
        try {
            return ImageStore.at(run.images()).list();
        } catch (ImageException failure) {
            throw new AssertionError("cannot list " + run.images(), failure);
        }
    }

    private static ImageHandle newest(ProgramRun run) throws ImageException {
        return ImageStore.at(run.images()).newestComplete().orElseThrow();
    }

    private static void flipBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static List<String> wholeOutput() {
        List<String> lines = new ArrayList<>(List.of("initialised"));
        int sum = 0;
        for (int step = 1; step <= 60; step++) {
            sum += step;
            lines.add("step " + step + " sum " + sum);
        }
        lines.add("goodbye once");
        return lines;
    }

    private static java.util.Map<String, String> wholeFiles() {
        StringBuilder diary = new StringBuilder();
        for (int step = 1; step <= 60; step++) {
            diary.append("step ").append(step).append('\n');
        }
        return java.util.Map.of("diary", diary.toString());
    }

    private static void assertWhole(Outcome outcome) {
        assertThat(outcome.output()).as(outcome.error()).isEqualTo(wholeOutput());
        assertThat(outcome.files()).isEqualTo(wholeFiles());
        assertThat(outcome.exitCode()).isEqualTo(EXIT_CODE);
    }

    /** What was killed wrote the beginning, what was resumed the end, and nothing between is missing. */
    private static void assertOverlap(Outcome outcome) {
        List<String> first = outcome.outputs().get(0);
        List<String> second = outcome.outputs().get(1);
        assertThat(wholeOutput()).as(outcome.error()).startsWith(first.toArray(new String[0]));
        assertThat(wholeOutput()).as(outcome.error()).endsWith(second.toArray(new String[0]));
        assertThat(first.size() + second.size())
                .isGreaterThanOrEqualTo(wholeOutput().size());
        assertThat(outcome.files()).isEqualTo(wholeFiles());
        assertThat(outcome.exitCode()).isEqualTo(EXIT_CODE);
    }
}
