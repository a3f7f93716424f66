package dev.ingot.it.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library in a program: what it asks for happens, in this JVM and in the one that resumes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LibraryIT {

    @TempDir
    Path directory = Path.of("");

    @Test
    void checkpointReturnsHereAndSuspendReturnsInTheResumedJvm() throws Exception {
        ProgramRun first = run("both");
        ProgramRun second = ProgramRun.resumed(directory, AskingProgram.class, "both");

        assertThat(first.exitCode()).as(first.errors()).isEqualTo(ProgramRun.SUSPENDED);
        assertThat(first.lines()).containsExactly("CHECKPOINTED 42 kept warm");
        assertThat(second.lines()).as(second.errors()).containsExactly("RESTORED 43 kept null", "end");
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void callsHooksNewestFirstBeforeAndOldestFirstAfter() throws Exception {
        ProgramRun first = run("hooks");
        ProgramRun second = ProgramRun.resumed(directory, AskingProgram.class, "hooks");

        assertThat(first.lines())
                .as(first.errors())
                .containsExactly("before new", "before old", "after old", "after new", "before new", "before old");
        assertThat(second.lines()).as(second.errors()).containsExactly("restored old", "restored new", "end");
    }

    @Test
    void leavesHooksAloneIfToldTo() throws Exception {
        ProgramRun vetoed = run("veto", "hooks=off");

        assertThat(vetoed.lines()).as(vetoed.errors()).containsExactly("end");
    }

    @Test
    void aHookVetoes() throws Exception {
        ProgramRun vetoed = run("veto");

        assertThat(vetoed.lines())
                .as(vetoed.errors())
                .containsExactly(
                        "before new",
                        "before old",
                        "after old",
                        "after new",
                        "refused: cannot take a checkpoint: hooks of the program refused it",
                        "because new is busy",
                        "end");
    }

    @Test
    void namesTheRegionThatIsInTheWay() throws Exception {
        ProgramRun pinned = run("region", "deadline=2s");

        assertThat(pinned.lines())
                .as(pinned.errors())
                .contains("pinned main UNCHECKPOINTABLE_REGION", "end")
                .anyMatch(line -> line.contains("holds a lease"));
    }

    @Test
    void keepsTheInterruptStatusOfWhoAsks() throws Exception {
        ProgramRun first = run("interrupted");
        ProgramRun second = ProgramRun.resumed(directory, AskingProgram.class, "interrupted");

        assertThat(first.lines()).as(first.errors()).containsExactly("CHECKPOINTED true");
        assertThat(second.lines()).as(second.errors()).containsExactly("RESTORED true", "end");
    }

    @Test
    void threadsThatAskTogetherAllGetAnAnswer() throws Exception {
        ProgramRun together = run("together");

        assertThat(together.lines())
                .as(together.errors())
                .containsExactly("got CHECKPOINTED", "got CHECKPOINTED", "got CHECKPOINTED", "end");
    }

    private ProgramRun run(String mode) throws Exception {
        return run(mode, "");
    }

    private ProgramRun run(String mode, String options) throws Exception {
        return ProgramRun.of(directory, options, AskingProgram.class, mode);
    }
}
