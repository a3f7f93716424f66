package dev.ingot.testkit;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * A JDK that programs run on.
 *
 * @param feature the first number of its version
 */
public record Jdk(Path home, int feature) {
    private static final Path USUAL_PLACE = Path.of("/usr/lib/jvm");

    /** The JDK this JVM runs on. */
    public static Jdk ofThisProcess() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** The JDK of version {@code feature} that the environment names, as in {@code JDK25}, or that is installed. */
    public static Optional<Jdk> find(int feature) {
        String named = System.getenv("JDK" + feature);
        if (named != null && !named.isEmpty()) {
            return Optional.of(new Jdk(Path.of(named), feature));
        }
        return Files.isDirectory(USUAL_PLACE) ? installed(feature) : Optional.empty();
    }

    private static Optional<Jdk> installed(int feature) {
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(USUAL_PLACE)) {
            for (Path home : homes) {
                if (isJdk(home) && featureOf(home) == feature) {
                    return Optional.of(new Jdk(home, feature));
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look for JDKs in " + USUAL_PLACE, failure);
        }
    }

    private static boolean isJdk(Path home) {
        return Files.isExecutable(home.resolve("bin/java")) && Files.isRegularFile(home.resolve("release"));
    }

    private static int featureOf(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        }
        String version = release.getProperty("JAVA_VERSION", "\"0\"").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }

    public Path java() {
        return home.resolve("bin/java");
    }

    @Override
    public String toString() {
        return "JDK " + feature;
    }
}
