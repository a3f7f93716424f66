package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar in JVMs of its own, as a user starts it. */
@Timeout(600)
class IngotAgentIT {
    private static final Path JAR = FreshJvm.AGENT;

    @TempDir
    Path directory;

    @Test
    void leavesAProgramAsItIs() throws Exception {
        assertThat(run("-javaagent:" + JAR)).isEqualTo(new FreshJvm.Outcome(0, "hello from the program\n", ""));
    }

    @Test
    void ignoresTheSecondOfTwoWithOneLine() throws Exception {
        FreshJvm.Outcome outcome = run("-javaagent:" + JAR, "-javaagent:" + JAR);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).isEqualTo("hello from the program\n");
        assertThat(outcome.errors().lines()).singleElement().asString().contains("already in this JVM");
    }

    @Test
    void letsTheProgramRunWhereTheSecondOfTwoWouldTakeWhateverImageThereIs() throws Exception {
        FreshJvm.Outcome outcome = run("-javaagent:" + JAR, "-javaagent:" + JAR + "=name=n,resume=auto");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).isEqualTo("hello from the program\n");
    }

    @Test
    void stopsAProgramWhoseOptionsAreBroken() throws Exception {
        FreshJvm.Outcome outcome = run("-javaagent:" + JAR + "=evrey=30s");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).startsWith("ingot: ").contains("evrey");
    }

    @Test
    void saysWhyItCannotStartAndLetsTheProgramRun() throws Exception {
        Path damaged = copyWithout("runtime/index");

        FreshJvm.Outcome outcome = run("-javaagent:" + damaged);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output()).isEqualTo("hello from the program\n");
        assertThat(outcome.errors().lines()).singleElement().asString().contains("runtime/index", damaged.toString());
    }

    @Test
    void runsNoProgramAnewWhereItCannotStartToResumeIt() throws Exception {
        Path damaged = copyWithout("runtime/index");

        FreshJvm.Outcome outcome = run("-javaagent:" + damaged + "=name=n,resume=auto");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.output()).isEmpty();
        assertThat(outcome.errors()).contains("runtime/index", "the program is not started");
    }

    @Test
    void startsOnNoJdkItDoesNotKnow() {
        assertThat(IngotAgent.unknown(Runtime.Version.parse("17.0.1"))).isNull();
        assertThat(IngotAgent.unknown(Runtime.Version.parse("25.0.2"))).isNull();
        assertThat(IngotAgent.unknown(Runtime.Version.parse("26")))
                .contains("this is JDK 26", "JDK 17 to 25", "the program goes on without it");
    }

    @Test
    void showsOfItselfOnlyTheEntry() throws IOException {
        try (ZipFile jar = new ZipFile(JAR.toFile());
                Stream<String> names = jar.stream().map(ZipEntry::getName)) {
            assertThat(names.filter(name -> name.endsWith(".class")))
                    .containsExactlyInAnyOrder(
                            "dev/ingot/agent/AgentClassLoader.class", "dev/ingot/agent/IngotAgent.class");
        }
    }

    private Path copyWithout(String name) throws IOException {
        Path copy = directory.resolve("damaged.jar");
        try (ZipFile jar = new ZipFile(JAR.toFile());
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (ZipEntry entry :
                    jar.stream().filter(entry -> !entry.getName().equals(name)).toList()) {
                zip.putNextEntry(new ZipEntry(entry.getName()));
                jar.getInputStream(entry).transferTo(zip);
                zip.closeEntry();
            }
        }
        return copy;
    }

    private FreshJvm.Outcome run(String... options) throws Exception {
        return FreshJvm.run(directory, "target/test-classes", Program.class, options);
    }

    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.out.println("hello from the program");
        }
    }
}
