package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.TakenImage;
import dev.ingot.integration.program.Identity;
import dev.ingot.integration.program.IdlePools;
import dev.ingot.integration.program.Lambdas;
import dev.ingot.integration.program.Locks;
import dev.ingot.integration.program.Loops;
import dev.ingot.integration.program.Objects;
import dev.ingot.integration.program.OpenFiles;
import dev.ingot.integration.program.OwnTables;
import dev.ingot.integration.program.Steps;
import dev.ingot.integration.program.Waiters;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program that is suspended on one JDK goes on on another, to the same end. On a machine with one JDK only, that one stands
 * in for the other, which proves less.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class OtherJdkIT {
    private static final Jdk OLD = Jdk.find(17).orElseGet(Jdk::ofThisProcess);
    private static final Jdk NEW = Jdk.find(25).orElseGet(Jdk::ofThisProcess);

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private static Stream<Arguments> passages() {
        return Stream.of(
                        Identity.class,
                        IdlePools.class,
                        Lambdas.class,
                        Loops.class,
                        Objects.class,
                        OpenFiles.class,
                        OwnTables.class,
                        Steps.class,
                        Waiters.class)
                .map(Program::of)
                .flatMap(program -> Stream.of(Arguments.of(program, OLD, NEW), Arguments.of(program, NEW, OLD)));
    }

    @ParameterizedTest(name = "{0} from {1} to {2}")
    @MethodSource("passages")
    void endsAsOnOneJdk(Program program, Jdk from, Jdk to) throws Exception {
        Outcome plain = plain(program, from);
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program))) {
            brake.pull();
            run.start(from);
            run.awaitLines(5);
            TakenImage image = run.suspend();
            brake.release();
            run.resume(image.directory(), to);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
            assertThat(outcome.exitCode()).as(outcome.error()).isEqualTo(plain.exitCode());
            assertThat(outcome.files()).isEqualTo(plain.files());
        }
    }

    /** What waits at a condition stands in other code in later versions. */
    @Test
    void namesWhatCannotCross() throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(Locks.class)))) {
            brake.pull();
            run.start(OLD);
            run.awaitLines(1);
            TakenImage image = run.suspend();
            brake.release();
            run.resume(image.directory(), NEW);
            Outcome outcome = run.awaitOutcome();

            if (OLD.feature() == NEW.feature()) {
                assertThat(outcome.exitCode()).as(outcome.error()).isZero();
            } else {
                assertThat(outcome.exitCode()).isEqualTo(1);
                assertThat(outcome.error())
                        .contains(
                                "cannot rebuild the stacks",
                                "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await()V",
                                "the same JDK version");
            }
        }
    }

    private Outcome plain(Program program, Jdk jdk) throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program)) {
            run.startPlainly(jdk);
            return run.awaitOutcome();
        }
    }
}
