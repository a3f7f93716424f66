package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.Beans;
import dev.ingot.integration.program.Callbacks;
import dev.ingot.integration.program.Collections;
import dev.ingot.integration.program.Compression;
import dev.ingot.integration.program.Constructors;
import dev.ingot.integration.program.Directories;
import dev.ingot.integration.program.Drawing;
import dev.ingot.integration.program.Executors;
import dev.ingot.integration.program.Futures;
import dev.ingot.integration.program.Handles;
import dev.ingot.integration.program.Identity;
import dev.ingot.integration.program.Initializers;
import dev.ingot.integration.program.Interrupts;
import dev.ingot.integration.program.Lambdas;
import dev.ingot.integration.program.Linking;
import dev.ingot.integration.program.Locks;
import dev.ingot.integration.program.Loops;
import dev.ingot.integration.program.Monitors;
import dev.ingot.integration.program.Objects;
import dev.ingot.integration.program.OpenFiles;
import dev.ingot.integration.program.OwnLoader;
import dev.ingot.integration.program.ParallelStreams;
import dev.ingot.integration.program.Proxies;
import dev.ingot.integration.program.RuntimeFileSystems;
import dev.ingot.integration.program.VirtualMonitors;
import dev.ingot.integration.program.VirtualSockets;
import dev.ingot.integration.program.VirtualThreads;
import dev.ingot.testkit.EndedException;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program that is checkpointed at some instant, killed and resumed does what it does without any of that: the same output, files
 * and exit code. Further instants than one: {@code -Dingot.instants=20}; the same ones again: {@code -Dingot.seed=SEED}; some
 * programs only: {@code -Dingot.programs=Loops,Locks}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class EquivalenceIT {
    private static final long SEED = Long.getLong("ingot.seed", System.nanoTime() & 0xffff);
    private static final int INSTANTS = Integer.getInteger("ingot.instants", 1);
    private static final String ONLY = System.getProperty("ingot.programs", "");
    private static final int ATTEMPTS = 3;
    /** The first whose virtual threads can be captured. */
    private static final int FIRST_WITH_VIRTUAL_THREADS = 24;

    private static final Map<String, Outcome> PLAIN = new HashMap<>();

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private static Stream<Program> programs() {
        return Stream.of(
                        Program.of(Beans.class),
                        Program.of(Callbacks.class),
                        Program.of(Collections.class),
                        Program.of(Compression.class),
                        Program.of(Constructors.class),
                        Program.of(Directories.class),
                        Program.of(Drawing.class),
                        Program.of(Executors.class),
                        Program.of(Futures.class),
                        Program.of(Handles.class),
                        Program.of(Identity.class),
                        Program.of(Initializers.class),
                        Program.of(Interrupts.class),
                        Program.of(Lambdas.class),
                        Program.of(Linking.class),
                        Program.of(Locks.class),
                        Program.of(Loops.class),
                        Program.of(Monitors.class),
                        Program.of(Objects.class),
                        Program.of(OpenFiles.class),
                        Program.of(OwnLoader.class),
                        Program.of(ParallelStreams.class),
                        Program.of(Proxies.class),
                        Program.of(RuntimeFileSystems.class),
                        Program.of(VirtualMonitors.class),
                        Program.of(VirtualSockets.class),
                        Program.of(VirtualThreads.class))
                .filter(program -> Jdk.ofThisProcess().feature() >= FIRST_WITH_VIRTUAL_THREADS || !isVirtual(program))
                .filter(program -> ONLY.isEmpty() || List.of(ONLY.split(",")).contains(program.toString()));
    }

    private static Stream<Arguments> trials() {
        return programs()
                .flatMap(program -> Stream.of(Passage.values())
                        .filter(passage -> passage != Passage.TORTURE || !isSlowedByCaptures(program))
                        .map(passage -> Arguments.of(program, passage)));
    }

    private static boolean isVirtual(Program program) {
        return List.of(VirtualMonitors.class.getName(), VirtualSockets.class.getName(), VirtualThreads.class.getName())
                .contains(program.main());
    }

    /** Where many threads contend or help each other, a capture waits for all of them: a run full of captures hardly gets on. */
    private static boolean isSlowedByCaptures(Program program) {
        return List.of(Monitors.class.getName(), ParallelStreams.class.getName())
                .contains(program.main());
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("trials")
    void endsAsWithoutCheckpoint(Program program, Passage passage) throws Exception {
        Jdk jdk = Jdk.ofThisProcess();
        Outcome plain = plain(program, jdk);
        Random random =
                new Random(SEED ^ program.main().hashCode() ^ passage.name().hashCode());
        for (int instant = 0; instant < INSTANTS; instant++) {
            int line = 1 + random.nextInt(plain.output().size() / 2);
            Outcome outcome = travel(program, passage, jdk, line, instant);
            assertSame(plain, outcome, passage + " after line " + line + " with -Dingot.seed=" + SEED);
        }
    }

    private Outcome plain(Program program, Jdk jdk) throws IOException, InterruptedException {
        Outcome known = PLAIN.get(program.toString());
        if (known != null) {
            return known;
        }
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program)) {
            run.startPlainly(jdk);
            Outcome outcome = run.awaitOutcome();
            PLAIN.put(program.toString(), outcome);
            return outcome;
        }
    }

    /** Tries an earlier line where the program was over before it could be reached, as on a machine with other things to do. */
    private Outcome travel(Program program, Passage passage, Jdk jdk, int line, int instant)
            throws IOException, InterruptedException, ControlException {
        for (int attempt = 1; ; attempt++) {
            Path place = directory.resolve("instant-" + instant + "-" + attempt);
            Brake brake = new Brake(directory.resolve("slow-" + instant + "-" + attempt));
            try (ProgramRun run = ProgramRun.in(place, brake.on(program))) {
                return passage.travel(run, brake, jdk, 1 + line / attempt);
            } catch (EndedException early) {
                if (attempt == ATTEMPTS) {
                    throw early;
                }
            }
        }
    }

    private static void assertSame(Outcome plain, Outcome outcome, String how) {
        String what = how + "; standard error: " + outcome.error();
        if (outcome.outputs().size() == 1) {
            assertThat(outcome.output()).as(what).isEqualTo(plain.output());
        } else {
            assertOverlap(plain.output(), outcome.outputs(), what);
        }
        assertThat(outcome.exitCode()).as(what).isEqualTo(plain.exitCode());
        assertThat(outcome.files()).as(what).isEqualTo(plain.files());
        assertThat(withoutLineNumbers(outcome.error())).as(what).isEqualTo(withoutLineNumbers(plain.error()));
    }

    /** What was killed wrote a beginning, what was resumed wrote the end, and no line between them is missing. */
    private static void assertOverlap(List<String> plain, List<List<String>> outputs, String what) {
        List<String> first = outputs.get(0);
        List<String> second = outputs.get(1);
        assertThat(plain).as(what).startsWith(first.toArray(new String[0]));
        assertThat(plain).as(what).endsWith(second.toArray(new String[0]));
        assertThat(first.size() + second.size()).as(what).isGreaterThanOrEqualTo(plain.size());
    }

    /** Stack traces of a rebuilt stack may name other frames of Ingot or of reflection; what was thrown is the same. */
    private static List<String> withoutLineNumbers(String error) {
        return new ArrayList<>(
                error.lines().filter(line -> !line.startsWith("\tat ")).toList());
    }
}
