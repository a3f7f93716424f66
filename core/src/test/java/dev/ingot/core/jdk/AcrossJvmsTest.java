package dev.ingot.core.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packs luggage in one JVM and checks it in another, through the heap engine. */
final class AcrossJvmsTest {
    private static final String[] OPEN = {"access", "loader", "misc", "ref", "reflect"};

    @TempDir
    private Path directory;

    private Path agent;

    @BeforeEach
    void makeAgentJar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Courier.class.getName());
        agent = directory.resolve("courier.jar");
        try (OutputStream out = Files.newOutputStream(agent);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }

    @ParameterizedTest
    @EnumSource(Luggage.class)
    void arrivesInAFreshJvm(Luggage luggage) throws Exception {
        carry(luggage, ownHome(), ownHome());
    }

    @ParameterizedTest
    @EnumSource(Luggage.class)
    void arrivesOnAnotherJdk(Luggage luggage) throws Exception {
        List<Path> others = otherHomes();
        for (Path other : others) {
            carry(luggage, other, other);
            if (luggage.crossesVersions()) {
                carry(luggage, ownHome(), other);
                carry(luggage, other, ownHome());
            }
        }
    }

    private void carry(Luggage luggage, Path from, Path to) throws Exception {
        String file = directory.resolve("luggage").toString();
        assertThat(run(from, "pack", luggage.name(), file)).isEqualTo("done");
        assertThat(run(to, "unpack", luggage.name(), file)).isEqualTo("done");
    }

    private String run(Path home, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        for (String name : OPEN) {
            command.add("--add-opens=java.base/jdk.internal." + name + "=ALL-UNNAMED");
        }
        command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        command.addAll(
                List.of("-javaagent:" + agent, "-cp", System.getProperty("java.class.path"), Courier.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static Path ownHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** Other JDKs of versions Ingot knows, beside the one that runs the test or named by an environment variable. */
    private static List<Path> otherHomes() throws IOException {
        Path own = ownHome().toRealPath();
        String named = System.getenv().getOrDefault("INGOT_OTHER_JDKS", "");
        try (Stream<Path> homes = Files.list(own.getParent())) {
            return Stream.concat(
                            homes,
                            named.isEmpty()
                                    ? Stream.empty()
                                    : Stream.of(named.split(":")).map(Path::of))
                    .filter(home -> !Files.isSymbolicLink(home))
                    .filter(home -> !home.equals(own))
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .filter(AcrossJvmsTest::isKnown)
                    .toList();
        }
    }

    private static boolean isKnown(Path home) {
        try {
            Path release = home.resolve("release");
            return Files.isRegularFile(release)
                    && Files.readString(release).matches("(?s).*JAVA_VERSION=\"(17|21|25)\\..*");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
