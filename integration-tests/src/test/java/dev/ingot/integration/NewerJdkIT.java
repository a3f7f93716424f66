package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.core.control.ControlException;
import dev.ingot.integration.program.Loops;
import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs of {@code java.lang.foreign} and others that JDK 17 lacks: they are compiled here. */
@EnabledForJreRange(min = JRE.JAVA_25)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class NewerJdkIT {
    private static final Path SOURCES = Path.of("src", "test", "newer").toAbsolutePath();

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Path classes = Path.of("");

    @BeforeEach
    void compile() throws IOException {
        classes = directory.resolve("classes");
        List<String> words = new ArrayList<>(List.of(
                "-d",
                classes.toString(),
                "-cp",
                Loops.class.getProtectionDomain().getCodeSource().getLocation().getPath()));
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(words::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int exitCode = ToolProvider.findFirst("javac").orElseThrow().run(writer, writer, words.toArray(new String[0]));
        assertThat(exitCode).as(said.toString()).isZero();
    }

    private Program program(String name, String... arguments) {
        Program ofTests = Program.of(Loops.class);
        return new Program(Loops.class.getPackageName() + '.' + name, ofTests.options(), List.of(arguments))
                .seeing(List.of(classes.toString()))
                .with("--enable-native-access=ALL-UNNAMED");
    }

    /** An exception that left the callback for native code would end the JVM. */
    @ParameterizedTest
    @EnumSource
    void callbacksOfNativeCodeAreLetReturn(Passage passage) throws Exception {
        Equivalence.in(directory).check(program("Upcalls"), passage);
    }

    @ParameterizedTest
    @EnumSource
    void functionsAreFoundAgainAndMemoryIsCarried(Passage passage) throws Exception {
        Equivalence.in(directory).check(program("Foreign"), passage);
    }

    @Test
    void goOnInAThirdProcess() throws Exception {
        Outcome plain;
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program("Foreign"))) {
            run.startPlainly(Jdk.ofThisProcess());
            plain = run.awaitOutcome();
        }
        Brake brake = new Brake(directory.resolve("slow"));
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program("Foreign")))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(3);
            run.resume(run.suspend().directory());
            run.awaitLines(5);
            Path image = run.suspend().directory();
            brake.release();
            run.resume(image);
            Outcome outcome = run.awaitOutcome();

            assertThat(outcome.output()).as(outcome.error()).isEqualTo(plain.output());
            assertThat(outcome.files()).isEqualTo(plain.files());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "callback, a function made by Linker.upcallStub",
        "pointer, 16 bytes of a memory segment",
        "borrowed, a MemorySegment of 100 bytes"
    })
    void addressesThatNoImageCanCarryAreRefusedByName(String kind, String named) throws Exception {
        Brake brake = new Brake(directory.resolve("slow"));
        brake.pull();
        try (ProgramRun run = ProgramRun.in(directory.resolve("run"), brake.on(program("ForeignAddresses", kind)))) {
            run.start(Jdk.ofThisProcess());
            run.awaitLines(1);

            assertThatThrownBy(run::suspend)
                    .isInstanceOf(ControlException.class)
                    .hasMessageContaining(named);
            brake.release();
            assertThat(run.awaitOutcome().output()).endsWith("done true");
        }
    }

    @ParameterizedTest
    @EnumSource
    void scopedValuesStayBound(Passage passage) throws Exception {
        Equivalence.in(directory).check(program("ScopedValues"), passage);
    }
}
