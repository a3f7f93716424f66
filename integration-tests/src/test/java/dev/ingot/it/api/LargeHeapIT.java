package dev.ingot.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Heaps of so many objects that the JVM does not compile the walk over them as it does for others. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LargeHeapIT {
    private static final int OBJECTS = 6_000_000;
    /** The first by which 32 million objects will have been walked. */
    private static final int FIRST_OPTIMIZED = 6;

    @TempDir
    Path directory = Path.of("");

    @Test
    void theWalkIsOptimizedInTheCourseOfASeriesAndAfterAResume() throws Exception {
        ProgramRun first = run("incremental=on");
        ProgramRun second = run("incremental=on,resume=auto");

        assertThat(first.exitCode()).as(first.errors()).isEqualTo(ProgramRun.SUSPENDED);
        assertThat(second.exitCode()).as(second.errors()).isZero();
        assertThat(first.lines()).singleElement().satisfies(LargeHeapIT::isWhenItPays);
        assertThat(second.lines()).hasSize(2).last().isEqualTo(String.valueOf(OBJECTS));
        isWhenItPays(second.lines().get(0));
    }

    /** The JVM compiles when it gets to it. */
    private static void isWhenItPays(String image) {
        assertThat(Integer.parseInt(image)).isBetween(FIRST_OPTIMIZED, FIRST_OPTIMIZED + 10);
    }

    private ProgramRun run(String options) throws Exception {
        return ProgramRun.of(directory, options, LargeHeapProgram.class, String.valueOf(OBJECTS));
    }
}
