package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.TakenImage;
import dev.ingot.integration.program.Collections;
import dev.ingot.integration.program.Directories;
import dev.ingot.integration.program.Events;
import dev.ingot.integration.program.Executors;
import dev.ingot.integration.program.Handles;
import dev.ingot.integration.program.Identity;
import dev.ingot.integration.program.IdlePools;
import dev.ingot.integration.program.Lambdas;
import dev.ingot.integration.program.LibraryObjects;
import dev.ingot.integration.program.Locks;
import dev.ingot.integration.program.LoggingLoader;
import dev.ingot.integration.program.Loops;
import dev.ingot.integration.program.Objects;
import dev.ingot.integration.program.OpenFiles;
import dev.ingot.integration.program.OwnLoader;
import dev.ingot.integration.program.OwnTables;
import dev.ingot.integration.program.Proxies;
import dev.ingot.integration.program.Selectors;
import dev.ingot.integration.program.Steps;
import dev.ingot.integration.program.Streams;
import dev.ingot.integration.program.VirtualCarriers;
import dev.ingot.integration.program.VirtualMonitors;
import dev.ingot.integration.program.Waiters;
import dev.ingot.integration.program.XmlParsers;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final Jdk OLD = Jdk.find(17).orElseGet(Jdk::ofThisProcess);
    private static final Jdk NEW = Jdk.find(25).orElseGet(Jdk::ofThisProcess);
    private static final Jdk THIS = Jdk.ofThisProcess();

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    /** From the JDK that runs this to the others: each is to run it. A version in between is gone to as well. */
    private static Stream<Arguments> passages() {
        if (THIS.feature() == OLD.feature() || THIS.feature() == NEW.feature()) {
            Jdk other = THIS.feature() == OLD.feature() ? NEW : OLD;
            // What later versions keep otherwise goes to them alone.
            Stream<Arguments> onlyThere = other.feature() == NEW.feature()
                    ? passages(THIS, other, LibraryObjects.class, XmlParsers.class)
                    : Stream.of();
            Stream<Arguments> bothWays = passages(
                    THIS,
                    other,
                    Collections.class,
                    Directories.class,
                    Executors.class,
                    Identity.class,
                    IdlePools.class,
                    Lambdas.class,
                    Locks.class,
                    LoggingLoader.class,
                    Loops.class,
                    Objects.class,
                    OpenFiles.class,
                    OwnLoader.class,
                    OwnTables.class,
                    Proxies.class,
                    Selectors.class,
                    Steps.class,
                    Streams.class,
                    Waiters.class);
            return Stream.concat(bothWays, onlyThere);
        }
        Stream<Arguments> threads = Stream.of(OLD, NEW)
                .flatMap(other -> Stream.concat(
                        passages(THIS, other, IdlePools.class, Steps.class, Waiters.class),
                        passages(other, THIS, IdlePools.class, Waiters.class)));
        boolean bothHaveVirtualOnes = THIS.feature() >= FIRST_WITH_VIRTUAL_THREADS && NEW.feature() > THIS.feature();
        return bothHaveVirtualOnes
                ? Stream.of(
                                threads,
                                passages(THIS, NEW, VirtualCarriers.class, VirtualMonitors.class),
                                passages(NEW, THIS, VirtualCarriers.class, VirtualMonitors.class))
                        .flatMap(some -> some)
                : threads;
    }

    private static Stream<Arguments> passages(Jdk from, Jdk to, Class<?>... programs) {
        return Stream.of(programs).map(program -> Arguments.of(Program.of(program), from, to));
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

    /** How method handles are put together differs from version to version, and so does what stands between an event and its dispatch. */
    private static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Program.of(Handles.class), "cannot restore the method handle"),
                Arguments.of(Program.of(Events.class), "has no class java.awt.EventQueue$"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusals")
    void namesWhatCannotCross(Program program, String reason) throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program))) {
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
                assertThat(outcome.error()).contains(reason, "resume on", "JDK", "reached by");
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
