package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.NativeLibrary;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a native library keeps in memory is in no image. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class NativeLibraryIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void refusesAnImageByName() throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(NativeLibrary.class)))) {
            brake.pull();
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);

            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("libprefs.so")
                    .hasMessageContaining(NativeLibrary.class.getName())
                    .hasMessageContaining("native=allow");

            brake.release();
            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).endsWith("true\n");
        }
    }

    @Test
    void isLoadedAnewWhereThatIsAllowed() throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(NativeLibrary.class)))) {
            brake.pull();
            run.start(Jdk.ofThisProcess(), "native=allow");
            run.awaitLines(1);
            Path image = run.suspend().directory();
            brake.release();
            run.separateOutput();

            run.resume(image);

            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).endsWith("true\n");
        }
    }
}
