package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.image.ImageHandle;
import dev.ingot.core.image.ImageKeys;
import dev.ingot.core.image.ImageStore;
import dev.ingot.core.seal.KeyException;
import dev.ingot.core.seal.SigningKey;
import dev.ingot.core.seal.TrustedKeys;
import dev.ingot.integration.program.Steps;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose images are signed: where keys are trusted, nothing goes on that none of them has signed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SignedIT {
    private static final String NAME = "steps";
    private static final int EXIT_CODE = 3;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private final Jdk jdk = Jdk.ofThisProcess();
    private Brake brake = new Brake(Path.of(""));

    @BeforeEach
    void prepare() throws IOException, GeneralSecurityException {
        brake = new Brake(directory.resolve("slow"));
        writePair("ours");
        writePair("others");
    }

    private void writePair(String name) throws IOException, GeneralSecurityException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path own = writePem(signing(name), "PRIVATE KEY", pair.getPrivate().getEncoded());
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
        writePem(trusted(name), "PUBLIC KEY", pair.getPublic().getEncoded());
    }

    private static Path writePem(Path file, String kind, byte[] content) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + Base64.getEncoder().encodeToString(content) + "\n-----END " + kind
                        + "-----\n");
    }

    private Path signing(String name) {
        return directory.resolve(name + ".key");
    }

    private Path trusted(String name) {
        return directory.resolve(name + ".pem");
    }

    private ImageKeys trusting(String name) throws KeyException {
        return ImageKeys.NONE.trusting(TrustedKeys.read(trusted(name)));
    }

    private ProgramRun begin() throws IOException {
        brake.pull();
        return ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Steps.class)));
    }

    @Test
    void goesOnByItsOwnCommandIfATrustedKeyHasSigned() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "sign=" + signing("ours"));
            run.awaitLines(3);
            run.checkpoint();
            run.kill();
            brake.release();

            run.separateOutput();
            run.start(jdk, "name=" + NAME, "resume=auto", "trusted=" + trusted("others"));
            assertThat(run.awaitExit()).isNotZero();
            assertThat(run.error()).contains("which is none of those in " + trusted("others"));
            assertThat(run.output()).isEmpty();

            run.start(jdk, "name=" + NAME, "resume=auto", "trusted=" + trusted("ours"));
            assertGoesOn(run.awaitOutcome());
        }
    }

    @Test
    void isResumedByTheCommandAndSignsOn() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "sign=" + signing("ours"), "incremental=on");
            run.awaitLines(3);
            run.checkpoint();
            run.awaitLines(5);
            Path image = run.suspend().directory();
            run.separateOutput();

            run.resume(image, "--trusted", trusted("others").toString());
            assertThat(run.awaitExit()).isEqualTo(1);
            assertThat(run.error()).contains("which is none of those in " + trusted("others"));
            assertThat(run.output()).isEmpty();
            run.resume(image, "--trusted", trusted("ours").toString());

            run.awaitLines(1);
            ImageHandle next = ImageStore.open(run.checkpoint().directory(), trusting("ours"));
            assertThat(next.signer()).isEqualTo(SigningKey.read(signing("ours")).fingerprint());
            assertThat(next.manifest().before()).isNotEmpty();
            run.kill();

            // On a host where that key does not lie, or is not to be used.
            run.resume(next.directory(), "--sign", signing("others").toString());
            run.awaitLines(1);
            Path byOthers = run.checkpoint().directory();
            assertThat(ImageStore.open(byOthers, trusting("others")).manifest().before())
                    .isEmpty();
            brake.release();
            assertGoesOn(run.awaitOutcome());
        }
    }

    /** The command line that a resume would run comes from the image, too. */
    @Test
    void startsNothingFromAnImageThatWasChanged() throws Exception {
        try (ProgramRun run = begin()) {
            run.start(jdk, "name=" + NAME, "sign=" + signing("ours"));
            run.awaitLines(3);
            Path image = run.suspend().directory();
            Path launch = image.resolve("launch");
            String text = Files.readString(launch, StandardCharsets.ISO_8859_1);
            Files.writeString(launch, text.replace("Steps", "Stops"), StandardCharsets.ISO_8859_1);
            brake.release();
            run.separateOutput();

            run.resume(image, "--trusted", trusted("ours").toString());

            assertThat(run.awaitExit()).isEqualTo(1);
            assertThat(run.error()).contains("its hash does not match the manifest");
            assertThat(run.output()).isEmpty();
        }
    }

    @Test
    void doesNotStartWithoutItsKey() throws Exception {
        Files.setPosixFilePermissions(signing("ours"), PosixFilePermissions.fromString("rw-r--r--"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), Program.of(Steps.class))) {
            run.separateOutput();
            run.start(jdk, "name=" + NAME, "sign=" + signing("ours"), "trusted=" + directory.resolve("none"));

            assertThat(run.awaitExit()).isNotZero();
            assertThat(run.error())
                    .contains("others can read or change the file")
                    .contains("cannot use key " + directory.resolve("none"));
            assertThat(run.output()).isEmpty();
        }
    }

    private static void assertGoesOn(Outcome outcome) {
        List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
        assertThat(last).endsWith("goodbye once").doesNotContain("initialised");
        assertThat(outcome.exitCode()).as(outcome.error()).isEqualTo(EXIT_CODE);
    }
}
