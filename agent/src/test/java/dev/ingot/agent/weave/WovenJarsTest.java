package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * ASM and the JVM accept every class of the libraries on the class path, and of those that the build lays out for this test, in
 * both woven variants: all of them are linked, none is initialised. Which the latter are says the system property
 * {@code ingot.verified.jars}: jars, and directories of jars, separated as a class path is.
 */
@Timeout(600)
class WovenJarsTest {
    private static final URLClassLoader LIBRARIES = loaderOf(jars());
    private static final WeaveRequest LEAN = WeaveRequest.PROGRAM;
    private static final WeaveRequest RESUMABLE = new WeaveRequest(false, false, true, Set.of());

    static List<Path> jars() {
        String separated = System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("ingot.verified.jars", "");
        return Stream.of(separated.split(File.pathSeparator, -1))
                .map(File::new)
                .flatMap(WovenJarsTest::jarsAt)
                .map(File::toPath)
                .sorted()
                .toList();
    }

    private static Stream<File> jarsAt(File place) {
        File[] inside = place.listFiles();
        Stream<File> files = inside == null ? Stream.of(place) : Stream.of(inside);
        return files.filter(file -> file.getName().endsWith(".jar"));
    }

    /** All the jars, so that classes are linked with those of other jars that they refer to. */
    private static URLClassLoader loaderOf(List<Path> jars) {
        URL[] urls = jars.stream().map(WovenJarsTest::urlOf).toArray(URL[]::new);
        return new URLClassLoader(urls, WovenJarsTest.class.getClassLoader());
    }

    private static URL urlOf(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @AfterAll
    static void closeLibraries() throws IOException {
        LIBRARIES.close();
    }

    @Test
    void verifiesEnoughToMeanSomething() throws Exception {
        int classes = 0;
        for (Path jar : jars()) {
            classes += WovenJar.read(jar, LIBRARIES).size();
        }
        assertThat(classes).isGreaterThan(20_000);
        assertThat(jars()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("jars")
    void acceptsLeanClasses(Path jar) throws Exception {
        assertThat(WovenJar.read(jar, LIBRARIES).objections(LEAN)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("jars")
    void acceptsResumableClasses(Path jar) throws Exception {
        assertThat(WovenJar.read(jar, LIBRARIES).objections(RESUMABLE)).isEmpty();
    }
}
