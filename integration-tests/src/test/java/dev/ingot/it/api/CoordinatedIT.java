package dev.ingot.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that knows org.crac and nothing of Ingot. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CoordinatedIT {

    @TempDir
    Path directory = Path.of("");

    @Test
    void checkpointRestoreReturnsInEachNewJvmAfterTheHooks() throws Exception {
        ProgramRun first = ProgramRun.of(directory, "", CoordinatedProgram.class);
        ProgramRun second = ProgramRun.resumed(directory, CoordinatedProgram.class);
        ProgramRun third = ProgramRun.resumed(directory, CoordinatedProgram.class);

        assertThat(first.lines())
                .as(first.errors())
                .containsExactly(
                        "before three",
                        "before two",
                        "before one",
                        "after one",
                        "after two",
                        "after three",
                        "refused: two is busy",
                        "before three",
                        "before two",
                        "before one");
        assertThat(first.exitCode()).isEqualTo(ProgramRun.SUSPENDED);
        assertThat(second.lines())
                .as(second.errors())
                .containsExactly(
                        "after one",
                        "after two",
                        "after three",
                        "returned 1",
                        "before three",
                        "before two",
                        "before one");
        assertThat(second.exitCode()).isEqualTo(ProgramRun.SUSPENDED);
        assertThat(third.lines())
                .as(third.errors())
                .containsExactly("after one", "after two", "after three", "returned 2");
        assertThat(third.exitCode()).isZero();
    }
}
