package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.NativeLibrary;
import dev.ingot.integration.program.OwnMemory;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a native library keeps in memory is in no image. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeLibraryIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Brake brake = new Brake(Path.of(""));

    @BeforeEach
    void prepare() {
        brake = new Brake(directory.resolve("slow"));
    }

    @Test
    void refusesAnImageByName() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(NativeLibrary.class)))) {
            brake.pull();
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);

            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("libunpacked.so")
                    .hasMessageContaining(NativeLibrary.class.getName())
                    .hasMessageContaining("native=allow");

            brake.release();
            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).endsWith("true\n");
        }
    }

    @Test
    void refusesMemoryOfUnsafeByName() throws Exception {
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(Program.of(OwnMemory.class)))) {
            brake.pull();
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);

            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining(OwnMemory.class.getName())
                    .hasMessageContaining("sun.misc.Unsafe (1 blocks in all)")
                    .hasMessageContaining("native=allow");

            brake.release();
            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).endsWith("ended\n");
        }
    }

    @Test
    void goesOnWhereMemoryOfUnsafeWasFreed() throws Exception {
        Program program = brake.on(Program.of(OwnMemory.class, "freed"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), program)) {
            brake.pull();
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);
            Path image = run.suspend().directory();
            brake.release();
            run.resume(image);

            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).endsWith("ended\n");
        }
    }

    @Test
    void isLoadedAnewWhereThatIsAllowed() throws Exception {
        try (ProgramRun run = begin()) {
            Path image = run.suspend().directory();

            goOn(run, image);
        }
    }

    @Test
    void isLoadedFromTheImageWhereItsFileHasGoneSince() throws Exception {
        try (ProgramRun run = begin()) {
            Path image = run.suspend().directory();
            Files.delete(run.work().resolve("libunpacked.so"));
            run.resume(image);
            run.awaitControl();
            Path next = run.suspend().directory();

            goOn(run, next);
        }
    }

    /** The kernel lets privileged processes alone read a file that they have mapped and that was deleted. */
    @Test
    void isLoadedFromTheImageOrRefusedWhereItsFileHadGone() throws Exception {
        try (ProgramRun run = begin("delete")) {
            if (mayReadMappedFiles()) {
                goOn(run, run.suspend().directory());
            } else {
                assertThatThrownBy(run::suspend)
                        .isInstanceOf(ControlException.class)
                        .hasMessageContaining("libunpacked.so")
                        .hasMessageContaining("deleted")
                        .hasMessageContaining(NativeLibrary.class.getName());
            }
        }
    }

    private static boolean mayReadMappedFiles() throws IOException {
        try (DirectoryStream<Path> mapped = Files.newDirectoryStream(Path.of("/proc/self/map_files"));
                InputStream content = Files.newInputStream(mapped.iterator().next())) {
            return content.read() >= 0;
        } catch (FileSystemException refused) {
            return false;
        }
    }

    private ProgramRun begin(String... arguments) throws IOException {
        Program program = brake.on(Program.of(NativeLibrary.class, arguments));
        ProgramRun run = ProgramRun.in(directory.resolve("run"), program);
        brake.pull();
        run.start(Jdk.ofThisProcess(), "native=allow");
        run.awaitLines(1);
        return run;
    }

    private void goOn(ProgramRun run, Path image) throws IOException, InterruptedException {
        brake.release();
        run.separateOutput();
        run.resume(image);

        assertThat(run.awaitExit()).as(run.error()).isZero();
        assertThat(run.output()).endsWith("true\n");
    }
}
