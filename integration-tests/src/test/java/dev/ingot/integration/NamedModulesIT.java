package dev.ingot.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testkit.Jdk;
import dev.ingot.testkit.Outcome;
import dev.ingot.testkit.Program;
import dev.ingot.testkit.ProgramRun;
import java.io.File;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program of named modules, one of them automatic, that is started by {@code --module}. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class NamedModulesIT {
    private static final Path SOURCES = Path.of("src", "test").toAbsolutePath();
    private static final Path MODULES = SOURCES.resolve("modules");

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private Program program = new Program("", List.of(), List.of());

    /** One module in a directory, one in a jar with a descriptor, one in a jar without. */
    @BeforeEach
    void build() throws IOException {
        Path words = directory.resolve("words");
        Path exploded = directory.resolve("exploded");
        Path jars = Files.createDirectory(directory.resolve("jars"));
        run("javac", "--release", "17", "-d", words.toString(), javaFiles(SOURCES.resolve("words")));
        run(
                "jar",
                "--create",
                "--file",
                jars.resolve("words-1.0.jar").toString(),
                "-C",
                words.toString(),
                List.of("."));
        run(
                "javac",
                "--release",
                "17",
                "-d",
                exploded.toString(),
                "-p",
                jars.toString(),
                "--module-source-path",
                MODULES.toString(),
                javaFiles(MODULES));
        Path text = Path.of("shop.main", "shop", "main", "texts.properties");
        Files.copy(MODULES.resolve(text), exploded.resolve(text));
        for (String module : List.of("shop.main", "shop.price")) {
            String jar = jars.resolve(module + ".jar").toString();
            run("jar", "--create", "--file", jar, "-C", exploded.resolve(module).toString(), List.of("."));
        }
        List<String> options = List.of(
                "-Duser.language=en",
                "--module-path",
                jars + File.pathSeparator + exploded.resolve("shop.local"),
                "--add-modules",
                "shop.local",
                "--module");
        program = new Program("shop.main/shop.main.Main", options, List.of());
    }

    private static List<String> javaFiles(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".java"))
                    .toList();
        }
    }

    private static void run(String tool, Object... arguments) {
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof List<?> several) {
                several.forEach(word -> words.add(word.toString()));
            } else {
                words.add(argument.toString());
            }
        }
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int exitCode = ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, words.toArray(new String[0]));
        assertThat(exitCode).as(said.toString()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void endsAsWithoutCheckpoint(Passage passage) throws Exception {
        Outcome plain;
        try (ProgramRun run = ProgramRun.in(directory.resolve("plain"), program)) {
            run.startPlainly(Jdk.ofThisProcess());
            plain = run.awaitOutcome();
        }
        assertThat(plain.exitCode()).as(plain.error()).isZero();
        Brake brake = new Brake(directory.resolve("slow"));
        try (ProgramRun run = ProgramRun.in(directory.resolve("watched"), brake.on(program))) {
            Outcome outcome = passage.travel(run, brake, Jdk.ofThisProcess(), 10);

            List<String> last = outcome.outputs().get(outcome.outputs().size() - 1);
            assertThat(plain.output()).as(outcome.error()).endsWith(last.toArray(new String[0]));
            assertThat(outcome.output()).as(outcome.error()).containsAll(plain.output());
            assertThat(outcome.exitCode()).as(outcome.error()).isZero();
        }
    }
}
