package dev.ingot.core.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a main class in a JVM of its own. */
final class ForkedJvm {
    private static final String HEAP = "512m";
    private static final List<String> INTERNALS = List.of("access", "loader", "misc", "ref", "reflect");

    private final Path javaHome;
    private final String heap;

    private ForkedJvm(Path javaHome, String heap) {
        this.javaHome = javaHome;
        this.heap = heap;
    }

    /** The same with another limit of its heap. */
    ForkedJvm withHeap(String limit) {
        return new ForkedJvm(javaHome, limit);
    }

    static ForkedJvm same() {
        return new ForkedJvm(ownHome(), HEAP);
    }

    /** A JDK of that feature version beside the one that runs this test, if there is one. */
    static Optional<ForkedJvm> ofFeature(int feature) {
        if (Runtime.version().feature() == feature) {
            return Optional.of(same());
        }
        try (Stream<Path> homes = Files.list(ownHome().toRealPath().getParent())) {
            return homes.filter(home -> isFeature(home, feature))
                    .sorted()
                    .findFirst()
                    .map(home -> new ForkedJvm(home, HEAP));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the program printed; fails the test unless it ends with exit code 0. */
    String run(List<Path> classPath, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.add("-Xmx" + heap);
        INTERNALS.forEach(name -> command.add("--add-opens=java.base/jdk.internal." + name + "=ALL-UNNAMED"));
        command.add("-cp");
        command.add(classPath(classPath));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    private static String classPath(List<Path> first) {
        List<String> entries = new ArrayList<>();
        first.forEach(entry -> entries.add(entry.toString()));
        entries.add(System.getProperty("java.class.path"));
        return String.join(File.pathSeparator, entries);
    }

    private static Path ownHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private static boolean isFeature(Path home, int feature) {
        Path release = home.resolve("release");
        try {
            return Files.isExecutable(home.resolve("bin/java"))
                    && Files.isRegularFile(release)
                    && Files.readString(release).contains("JAVA_VERSION=\"" + feature + '.');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
