package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.NativeFunctions;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A program that calls native functions by jffi finds them again in another process. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeFunctionsIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Brake brake = new Brake(Path.of(""));

    @BeforeEach
    void prepare() {
        brake = new Brake(directory.resolve("slow"));
    }

    @Test
    void areFoundAgainTwice() throws Exception {
        String plain;
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program())) {
            run.start(Jdk.ofThisProcess());
            assertThat(run.awaitExit()).as(run.error()).isZero();
            plain = run.output();
        }
        try (ProgramRun run = begin()) {
            run.resume(run.suspend().directory());
            run.awaitControl();
            Path image = run.suspend().directory();
            brake.release();
            run.resume(image);

            assertThat(run.awaitExit()).as(run.error()).isZero();
            assertThat(run.output()).isEqualTo(plain);
        }
    }

    @Test
    void anAddressInNativeMemoryIsRefusedByName() throws Exception {
        try (ProgramRun run = begin("address")) {
            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining("AllocatedDirectMemoryIO")
                    .hasMessageContaining("1000 bytes of native memory");

            brake.release();
            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).contains("done 1000 ");
        }
    }

    private static Program program(String... arguments) {
        List<String> libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("/com/github/jnr/") || entry.contains("/org/ow2/asm/"))
                .toList();
        return Program.of(NativeFunctions.class, arguments).seeing(libraries);
    }

    private ProgramRun begin(String... arguments) throws IOException {
        ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program(arguments)));
        brake.pull();
        run.start(Jdk.ofThisProcess());
        run.awaitLines(2);
        return run;
    }
}
