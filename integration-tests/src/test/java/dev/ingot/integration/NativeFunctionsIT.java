package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.JnaFunctions;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that calls native functions by jffi or JNA finds them again in another process. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NativeFunctionsIT {
    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Brake brake = new Brake(Path.of(""));

    @BeforeEach
    void prepare() {
        brake = new Brake(directory.resolve("slow"));
    }

    @ParameterizedTest
    @ValueSource(classes = {NativeFunctions.class, JnaFunctions.class})
    void areFoundAgainTwice(Class<?> main) throws Exception {
        String plain;
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program(main))) {
            run.start(Jdk.ofThisProcess());
            assertThat(run.awaitExit()).as(run.error()).isZero();
            plain = run.output();
        }
        try (ProgramRun run = begin(main)) {
            run.resume(run.suspend().directory());
            run.awaitControl();
            Path image = run.suspend().directory();
            brake.release();
            run.resume(image);

            assertThat(run.awaitExit()).as(run.error()).isZero();
            assertThat(run.output()).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anAddressInNativeMemoryIsRefusedByName(Class<?> main, String holder) throws Exception {
        try (ProgramRun run = begin(main, "address")) {
            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining(holder)
                    .hasMessageContaining("1000 bytes of native memory");

            brake.release();
            assertThat(run.awaitExit()).isZero();
            assertThat(run.output()).contains("done 1000 ");
        }
    }

    private static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(NativeFunctions.class, "AllocatedDirectMemoryIO"),
                Arguments.of(JnaFunctions.class, "com.sun.jna.Memory"));
    }

    private static Program program(Class<?> main, String... arguments) {
        List<String> libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("/com/github/jnr/")
                        || entry.contains("/net/java/dev/jna/")
                        || entry.contains("/org/ow2/asm/"))
                .toList();
        return Program.of(main, arguments).seeing(libraries);
    }

    private ProgramRun begin(Class<?> main, String... arguments) throws IOException {
        ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program(main, arguments)));
        brake.pull();
        run.start(Jdk.ofThisProcess());
        run.awaitLines(2);
        return run;
    }
}
