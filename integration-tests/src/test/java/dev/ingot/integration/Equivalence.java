package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.ControlException;
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

/**
 * Compares what a program does on its way through checkpoints with what it does without: its output, files and exit code. Further
 * instants than one: {@code -Dingot.instants=20}; the same ones again: {@code -Dingot.seed=SEED}.
 */
final class Equivalence {
    private static final long SEED = Long.getLong("ingot.seed", System.nanoTime() & 0xffff);
    private static final int INSTANTS = Integer.getInteger("ingot.instants", 1);
    private static final int ATTEMPTS = 3;

    private static final Map<Program, Outcome> PLAIN = new HashMap<>();

    private final Path directory;

    private Equivalence(Path directory) {
        this.directory = directory;
    }

    /** Runs everything below {@code directory}. */
    static Equivalence in(Path directory) {
        return new Equivalence(directory);
    }

    void check(Program program, Passage passage) throws IOException, InterruptedException, ControlException {
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
        Outcome known = PLAIN.get(program);
        if (known != null) {
            return known;
        }
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program)) {
            run.startPlainly(jdk);
            Outcome outcome = run.awaitOutcome();
            PLAIN.put(program, outcome);
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

    /**
     * What was killed wrote a beginning, what was resumed wrote the end, and nothing between them is missing. As text, because an image
     * may be taken in the middle of a line.
     */
    private static void assertOverlap(List<String> plain, List<List<String>> outputs, String what) {
        String whole = text(plain);
        String first = text(outputs.get(0));
        String second = text(outputs.get(1));
        assertThat(whole).as(what).startsWith(first);
        assertThat(whole).as(what).endsWith(second);
        assertThat(first.length() + second.length()).as(what).isGreaterThanOrEqualTo(whole.length());
    }

    private static String text(List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    /** Stack traces of a rebuilt stack may name other frames of Ingot or of reflection; what was thrown is the same. */
    private static List<String> withoutLineNumbers(String error) {
        return new ArrayList<>(
                error.lines().filter(line -> !line.startsWith("\tat ")).toList());
    }
}
