package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.program.BlockingCalls;
import dev.ingot.integration.program.ParkingLoader;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Threads that block in the kernel are captured there, and their calls are made again. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BlockingCallsIT {
    private static final List<String> RESULTS = List.of(
            "accept: 7",
            "accept of a channel: true",
            "accept until closed: closed",
            "line of standard input: hello",
            "read: 1",
            "read of a channel: 1 byte 3",
            "read of a pipe: 2",
            "receive: 3",
            "select: 1",
            "select until interrupted: 0, interrupted: true",
            "select until woken: 0",
            "timed read: 2",
            "timed receive: 3");

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void goOnInTheSameJvm() throws Exception {
        try (RandomAccessFile keyboard = keyboard();
                ProgramRun run = started()) {
            run.checkpoint();
            run.checkpoint();

            assertThat(lines(run, keyboard)).containsExactlyElementsOf(RESULTS);
        }
    }

    @Test
    void goOnInAFreshJvm() throws Exception {
        try (RandomAccessFile keyboard = keyboard();
                ProgramRun run = started()) {
            Path image = run.suspend().directory();
            run.separateOutput();
            run.resume(image);
            Path second = run.suspend().directory();
            run.separateOutput();
            run.resume(second);
            run.awaitControl();

            assertThat(lines(run, keyboard)).containsExactlyElementsOf(RESULTS);
        }
    }

    @Test
    void waitsAreCapturedAgainWhereTheThreadParkedWhileItWasResumed() throws Exception {
        Path go = directory.resolve("go");
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), Program.of(ParkingLoader.class, go.toString()))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            Path image = run.suspend().directory();
            run.resume(image);
            run.checkpoint();
            run.resume(run.suspend().directory());
            run.awaitControl();
            Files.createFile(go);

            assertThat(run.awaitOutcome().output()).containsExactly("waits", "passed");
        }
    }

    private ProgramRun started() throws IOException {
        Program program =
                Program.of(BlockingCalls.class, directory.resolve("go").toString());
        ProgramRun run = ProgramRun.in(directory.resolve("run"), program);
        run.takeInputFrom(input());
        run.start(Jdk.ofThisProcess());
        run.awaitLines(1);
        return run;
    }

    /** Lets the calls end; what they returned. */
    private List<String> lines(ProgramRun run, RandomAccessFile keyboard) throws Exception {
        Files.createFile(directory.resolve("go"));
        keyboard.write("hello\n".getBytes(StandardCharsets.UTF_8));
        assertThat(run.awaitExit()).isZero();
        return run.output().lines().filter(line -> !line.equals("blocked")).toList();
    }

    /** The other end of the program's standard input; open, so that neither end waits for the other or finds it ended. */
    private RandomAccessFile keyboard() throws IOException, InterruptedException {
        Process maker =
                new ProcessBuilder("mkfifo", input().toString()).inheritIO().start();
        assertThat(maker.waitFor()).isZero();
        return new RandomAccessFile(input().toFile(), "rw");
    }

    private Path input() {
        return directory.resolve("input");
    }
}
