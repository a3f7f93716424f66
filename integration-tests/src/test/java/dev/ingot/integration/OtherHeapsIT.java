package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ingot.core.control.TakenImage;
import dev.ingot.integration.program.Identity;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever collects the heap, and however its objects and their headers lie in memory. The other tests have the serial collector. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OtherHeapsIT {
    private static final Program IDENTITY = Program.of(Identity.class);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-XX:+UseG1GC",
                "-XX:+UseZGC",
                "-XX:+UseShenandoahGC",
                "-XX:-UseCompressedOops",
                "-XX:+UseCompactObjectHeaders"
            })
    void endsAsUsual(String option) throws Exception {
        Jdk jdk = Jdk.ofThisProcess();
        assumeThat(knows(jdk, option)).as("LEFT OUT: %s has no %s", jdk, option).isTrue();
        Outcome plain = plain(jdk);
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(identity(option)))) {
            brake.pull();
            run.start(jdk);
            run.awaitLines(5);
            TakenImage image = run.suspend();
            brake.release();
            run.resume(image.directory());
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
        }
    }

    private static boolean knows(Jdk jdk, String option) throws Exception {
        Process asked = new ProcessBuilder(jdk.java().toString(), option, "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return asked.waitFor() == 0;
    }

    private static Program identity(String option) {
        List<String> options = new ArrayList<>(IDENTITY.options());
        if (option.endsWith("GC")) {
            options.remove("-XX:+UseSerialGC");
        }
        options.add(option);
        return new Program(IDENTITY.main(), options, IDENTITY.arguments());
    }

    private Outcome plain(Jdk jdk) throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), IDENTITY)) {
            run.startPlainly(jdk);
            return run.awaitOutcome();
        }
    }
}
