package dev.ingot.integration.suite;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of a jar and writes a line for each: its unique name, how often it was reported under that name, and what came of
 * it. Arguments: the file to write, the jar, and a pattern for the names of the classes.
 */
final class SuiteProgram implements TestExecutionListener {
    private final PrintStream results;
    private final Map<String, Integer> counts = new HashMap<>();

    private SuiteProgram(PrintStream results) {
        this.results = results;
    }

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClasspathRoots(Set.of(Path.of(arguments[1]))))
                .filters(ClassNameFilter.includeClassNamePatterns(arguments[2]))
                .build();
        try (PrintStream results =
                new PrintStream(Files.newOutputStream(Path.of(arguments[0])), true, StandardCharsets.UTF_8)) {
            LauncherFactory.create().execute(request, new SuiteProgram(results));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the results of " + arguments[1], failure);
        }
        // Threads that the tests left behind must not keep the JVM.
        System.exit(0);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        report(test, "SKIPPED");
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        String thrown = result.getThrowable()
                .map(throwable -> " " + throwable.getClass().getName())
                .orElse("");
        report(test, result.getStatus() + thrown);
        if (Boolean.getBoolean("ingot.suite.verbose")) {
            result.getThrowable().ifPresent(Throwable::printStackTrace);
        }
    }

    private synchronized void report(TestIdentifier test, String outcome) {
        String name = test.getUniqueId().replaceAll("\\s", " ");
        int count = counts.merge(name, 1, Integer::sum);
        results.println(name + "#" + count + "\t" + outcome);
    }
}
