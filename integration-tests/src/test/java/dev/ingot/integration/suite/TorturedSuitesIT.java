package dev.ingot.integration.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.integration.Trials;
import dev.ingot.testkit.Installation;
import dev.ingot.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each test of other people's libraries comes out as it does without Ingot while all threads are captured and rebuilt in place
 * again and again. The whole suites instead of a part of them: {@code -Dingot.suites.whole=true}; with long computations among them,
 * a longer period lets the compilers get somewhere: {@code -Dingot.suites.period=300ms}.
 */
@Timeout(value = 100, unit = TimeUnit.MINUTES)
class TorturedSuitesIT {
    private static final Pattern CAPTURES = Pattern.compile("torture: (\\d+) captures");
    private static final String PERIOD = System.getProperty("ingot.suites.period", "50ms");
    private static final long DEADLINE_MINUTES = 45;

    @TempDir(factory = Trials.class, cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void comesOutAsWithoutIngot(Suite suite) throws Exception {
        Map<String, String> plain = resultsOf(suite, "plain");
        Map<String, String> tortured = resultsOf(suite, "tortured", torture());

        assertThat(differing(plain, tortured)).isEmpty();
        assertThat(plain).hasSizeGreaterThan(300);
        assertThat(captures()).isGreaterThan(5);
    }

    private static List<String> differing(Map<String, String> plain, Map<String, String> tortured) {
        Set<String> tests = new TreeSet<>(plain.keySet());
        tests.addAll(tortured.keySet());
        return tests.stream()
                .filter(test -> !Objects.equals(plain.get(test), tortured.get(test)))
                .map(test -> test + ": " + plain.get(test) + ", tortured " + tortured.get(test))
                .toList();
    }

    private static String torture() {
        return "-javaagent:" + Installation.ofThisBuild().agent() + "=torture=" + PERIOD + ",deadline=1s,log=info";
    }

    private Map<String, String> resultsOf(Suite suite, String run, String... options)
            throws IOException, InterruptedException {
        Path work = Files.createDirectories(directory.resolve(run));
        suite.layOutResources(work);
        Path results = directory.resolve(run + "-results");
        Process process = new ProcessBuilder(command(suite, results, options))
                .directory(work.toFile())
                .redirectOutput(directory.resolve(run + "-output").toFile())
                .redirectError(directory.resolve(run + "-error").toFile())
                .start();
        if (!process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as(run + " tests of " + suite).isZero();
        return read(results);
    }

    private static List<String> command(Suite suite, Path results, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Jdk.ofThisProcess().java().toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-Xmx768m",
                "-XX:+UseSerialGC",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Duser.timezone=UTC",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                Suite.classPath(),
                SuiteProgram.class.getName(),
                results.toString(),
                suite.tests().toString(),
                suite.pattern()));
        return command;
    }

    private static Map<String, String> read(Path results) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        try (Stream<String> lines = Files.lines(results)) {
            lines.forEach(line ->
                    outcomes.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        }
        return outcomes;
    }

    private int captures() throws IOException {
        Matcher matcher = CAPTURES.matcher(Files.readString(directory.resolve("tortured-error")));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
