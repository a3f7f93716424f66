package dev.ingot.integration;

import dev.ingot.testkit.Program;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs that other people wrote and released, each run by its own main class on a script of ours. Between them they generate
 * classes, interpret, and keep a database. {@code dev/corpus} takes many more through the same.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RealProgramsIT {
    private static final Path JARS = Path.of("target", "real-programs").toAbsolutePath();
    private static final Path SCRIPTS =
            Path.of("target", "test-classes", "real-programs").toAbsolutePath();

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private static Stream<Program> programs() {
        return Stream.of(
                program("clojure.main", "clojure,spec.alpha,core.specs.alpha", script("ledger.clj")),
                program("org.python.util.jython", "jython-standalone", script("queens.py"))
                        .with("-Dpython.cachedir.skip=true", "--enable-native-access=ALL-UNNAMED"),
                program("org.mozilla.javascript.tools.shell.Main", "rhino", script("life.js")),
                program("groovy.ui.GroovyMain", "groovy", script("words.groovy")),
                program("kawa.repl", "kawa", script("streams.scm")),
                program(
                        "org.h2.tools.RunScript",
                        "h2",
                        "-url",
                        "jdbc:h2:mem:accounts",
                        "-showResults",
                        "-script",
                        script("accounts.sql")));
    }

    private static Program program(String main, String jars, String... arguments) {
        List<String> path = Stream.of(jars.split(","))
                .map(jar -> JARS.resolve(jar + ".jar").toString())
                .toList();
        List<String> options = List.of(
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Duser.language=en",
                "-Duser.timezone=UTC",
                "-cp",
                String.join(File.pathSeparator, path));
        return new Program(main, options, List.of(arguments));
    }

    private static String script(String name) {
        return SCRIPTS.resolve(name).toString();
    }

    private static Stream<Arguments> trials() {
        return programs()
                .flatMap(program ->
                        Stream.of(Passage.SUSPEND, Passage.CHECKPOINT).map(passage -> Arguments.of(program, passage)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("trials")
    void endsAsWithoutCheckpoint(Program program, Passage passage) throws Exception {
        Equivalence.in(directory).check(program, passage);
    }
}
