package dev.ingot.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What observing costs the start of a JVM, and what it needs of it. */
class ObserverStartTest {

    @Test
    void loadsNothingOfFlightRecorderAndManagementAtStart() throws Exception {
        List<String> output = run("-Xlog:class+load=info:stdout");

        assertThat(output).contains("started", "checkpointed");
        assertThat(output.subList(0, output.indexOf("started")))
                .noneMatch(line -> line.contains("jdk.jfr.")
                        || line.contains("javax.management.")
                        || line.contains("java.lang.management."));
    }

    @Test
    void worksWhereBothModulesAreMissing() throws Exception {
        assertThat(run("--limit-modules=java.base")).containsExactly("started", "checkpointed");
    }

    private static List<String> run(String option) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(option);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(ObservingProgram.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output = process.inputReader().lines().toList();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
