package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.KeyName;
import dev.ingot.integration.program.Steps;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose images are sealed: they go on with the key, and nothing goes on without. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SealedIT {
    private static final String NAME = "steps";
    private static final int EXIT_CODE = 3;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final Jdk jdk = Jdk.ofThisProcess();
    private Brake brake = new Brake(Path.of(""));
    private KeyName key = KeyName.parse("file:none");

    @BeforeEach
    void prepare() throws IOException {
        brake = new Brake(directory.resolve("slow"));
        key = key("key", "0123456789abcdef0123456789abcdef");
    }

    private KeyName key(String name, String bytes) throws IOException {
        return KeyName.parse("file:" + Files.writeString(directory.resolve(name), bytes));
    }

    private ProgramRun begin() throws IOException {
        brake.pull();
        return ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Steps.class)));
    }

    @Test
    void goesOnByItsOwnCommandWithTheKeyOnly() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "key=" + key);
            run.awaitLines(3);
            TakenImage image = run.checkpoint();
            run.kill();
            assertThat(textsOf(image.directory())).noneMatch(text -> text.contains("step ") || text.contains("Steps"));
            brake.release();

            run.separateOutput();
            run.start(jdk, "name=" + NAME, "resume=auto");
            assertThat(run.awaitExit()).isNotZero();
            assertThat(run.error()).contains("is sealed; name its key");
            run.start(jdk, "name=" + NAME, "resume=auto", "key=" + key("other", "x".repeat(32)));
            assertThat(run.awaitExit()).isNotZero();
            assertThat(run.error()).contains("name the key it is sealed with");
            assertThat(run.output()).isEmpty();

            run.start(jdk, "name=" + NAME, "resume=auto", "key=" + key);
            assertGoesOn(run.awaitOutcome());
        }
    }

    @Test
    void isResumedByTheCommandAfterItsKeyWasReplaced() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "key=" + key);
            run.awaitLines(3);
            Path image = run.suspend().directory();
            KeyName fresh = key("fresh", "y".repeat(32));
            ImageStore store = ImageStore.at(run.images(), ImageKeys.sealedOnly(key.provider()));
            assertThat(store.rewrap(image, fresh.provider())).isTrue();
            run.separateOutput();

            run.resume(image);
            assertThat(run.awaitExit()).isEqualTo(1);
            assertThat(run.error()).contains("is sealed; name its key");
            run.resume(image, "--key", fresh.toString());

            // What it writes from here on is sealed with the new key too.
            run.awaitLines(6);
            Path next = run.checkpoint().directory();
            assertThat(ImageStore.open(next, ImageKeys.sealedOnly(fresh.provider()))
                            .isSealed())
                    .isTrue();
            brake.release();
            assertGoesOn(run.awaitOutcome());
        }
    }

    @Test
    void takesNoImageThatIsNotSealed() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME);
            run.awaitLines(3);
            Path image = run.checkpoint().directory();
            run.kill();
            brake.release();
            run.separateOutput();

            run.start(jdk, "name=" + NAME, "resume=" + image, "key=" + key);
            assertThat(run.awaitExit()).isNotZero();
            run.resume(image, "--key", key.toString());
            assertThat(run.awaitExit()).isEqualTo(1);

            assertThat(run.error()).containsSubsequence("is not sealed, so nobody", "is not sealed, so nobody");
            assertThat(run.output()).isEmpty();
        }
    }

    @Test
    void costsAProgramWithoutAKeyNoCipher() throws Exception {
        Path classes = directory.resolve("classes");
        try (ProgramRun run = begin()) {
            run.startBehind(List.of("-Xlog:class+load:file=" + classes), jdk, "name=" + NAME);
            run.awaitLines(1);
            run.checkpoint();
            run.kill();
            brake.release();
            run.startBehind(
                    List.of("-Xlog:class+load:file=" + classes + "-resumed"), jdk, "name=" + NAME, "resume=auto");
            assertThat(run.awaitExit()).isEqualTo(EXIT_CODE);
        }
        for (Path log : List.of(classes, directory.resolve("classes-resumed"))) {
            assertThat(Files.readString(log))
                    .contains("dev.ingot.core.image.ImageStore")
                    // JDK 25 loads an interface of javax.crypto for any provider of algorithms.
                    .doesNotContain(" javax.crypto.Cipher", " javax.crypto.Mac ")
                    .doesNotContain("dev.ingot.core.seal.Keys ");
        }
    }

    @Test
    void leavesOutSecretProperties() throws Exception {
        brake.pull();
        Program program = brake.on(Program.of(Steps.class)).with("-Ddb.password=hunter2", "-Ddb.user=somebody");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program)) {
            run.start(jdk, "name=" + NAME, "secrets=*password");
            run.awaitLines(3);
            Path image = run.suspend().directory();
            assertThat(textsOf(image)).noneMatch(text -> text.contains("hunter2"));
            assertThat(textsOf(image)).anyMatch(text -> text.contains("somebody"));
            brake.release();
            run.separateOutput();
            run.resume(image);
            assertGoesOn(run.awaitOutcome());
        }
    }

    private static void assertGoesOn(Outcome outcome) {
        List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
        assertThat(last).endsWith("goodbye once").doesNotContain("initialised");
        assertThat(outcome.exitCode()).as(outcome.error()).isEqualTo(EXIT_CODE);
    }

    private static List<String> textsOf(Path image) throws IOException {
        try (Stream<Path> files = Files.list(image)) {
            return files.map(SealedIT::text).toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + file, failure);
        }
    }
}
