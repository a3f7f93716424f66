package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.core.control.ControlException;
import dev.ingot.core.control.TakenImage;
import dev.ingot.core.image.ImageStore;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;

/** A way for a program to get through checkpoints. */
enum Passage {
    /** Suspended at an instant; resumed in a fresh JVM. */
    SUSPEND {
        @Override
        Outcome travel(ProgramRun run, Brake brake, Jdk jdk, int line)
                throws ControlException, InterruptedException, IOException {
            startAndReach(run, brake, jdk, line);
            TakenImage image = run.suspend();
            brake.release();
            run.resume(image.directory());
            return run.awaitOutcome();
        }
    },

    /** Checkpointed, goes on, is killed a little later; resumed in a fresh JVM, which does that little again. */
    CHECKPOINT {
        @Override
        Outcome travel(ProgramRun run, Brake brake, Jdk jdk, int line)
                throws ControlException, InterruptedException, IOException {
            startAndReach(run, brake, jdk, line);
            TakenImage image = run.checkpoint();
            run.awaitLines(line + 1);
            run.kill();
            brake.release();
            run.separateOutput();
            run.resume(image.directory());
            return run.awaitOutcome();
        }
    },

    /** Suspended twice; the second image says only what has changed since the first, which was resumed. */
    SERIES {
        @Override
        Outcome travel(ProgramRun run, Brake brake, Jdk jdk, int line)
                throws ControlException, InterruptedException, IOException {
            startAndReach(run, brake, jdk, line, "incremental=on");
            TakenImage first = run.suspend();
            run.resume(first.directory());
            TakenImage second = run.suspend();
            assertThat(ImageStore.open(second.directory()).goesOn(ImageStore.open(first.directory())))
                    .isTrue();
            brake.release();
            run.resume(second.directory());
            return run.awaitOutcome();
        }
    },

    /** All its stacks are taken down and rebuilt again and again. */
    TORTURE {
        @Override
        Outcome travel(ProgramRun run, Brake brake, Jdk jdk, int line) throws InterruptedException, IOException {
            run.start(jdk, "torture=20ms");
            return run.awaitOutcome();
        }
    };

    /** Runs the program to its end, through a checkpoint once it has written {@code line} lines. */
    abstract Outcome travel(ProgramRun run, Brake brake, Jdk jdk, int line)
            throws ControlException, InterruptedException, IOException;

    /** Slow until the program can be asked for an image, and again from the line at which it is. */
    private static void startAndReach(ProgramRun run, Brake brake, Jdk jdk, int line, String... options)
            throws IOException {
        brake.pull();
        run.start(jdk, options);
        run.awaitControl();
        brake.release();
        run.awaitLines(line);
        brake.pull();
    }
}
