package dev.ingot.integration.suite;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;

/** The test suite of a library, as its makers publish it beside the library. */
enum Suite {
    COLLECTIONS("commons-collections4", "org\\.apache\\.commons\\.collections4\\.(bag|iterators|trie)\\..*Test"),
    LANG("commons-lang3", "org\\.apache\\.commons\\.lang3\\.(builder|event|mutable|tuple)\\..*Test"),
    MATH("commons-math3", "org\\.apache\\.commons\\.math3\\.(complex|exception|fraction|primes)\\..*Test");

    private static final List<String> CLASS_PATH =
            List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    private static final String EVERY_TEST = ".*Test";

    private final String artifact;
    private final String quickTests;

    Suite(String artifact, String quickTests) {
        this.artifact = artifact;
        this.quickTests = quickTests;
    }

    /** Which classes of the suite are run: those that take seconds, or all. */
    String pattern() {
        return Boolean.getBoolean("ingot.suites.whole") ? EVERY_TEST : quickTests;
    }

    /** The jar that holds the tests. */
    Path tests() {
        return CLASS_PATH.stream()
                .filter(entry -> entry.endsWith("-tests.jar") && entry.contains(artifact))
                .map(Path::of)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("the tests of " + artifact + " are not on the class path"));
    }

    /** The libraries of this module's tests and these tests themselves, nothing of Ingot. */
    static String classPath() {
        Stream<String> libraries = CLASS_PATH.stream().filter(entry -> entry.endsWith(".jar") && !isOfIngot(entry));
        String own = Path.of("target", "test-classes").toAbsolutePath().toString();
        return String.join(
                File.pathSeparator, Stream.concat(Stream.of(own), libraries).toList());
    }

    private static boolean isOfIngot(String entry) {
        return Path.of(entry).getFileName().toString().startsWith("ingot-");
    }

    /** Puts the files that the tests read where they expect them below their working directory. */
    void layOutResources(Path work) throws IOException {
        Path resources = work.resolve("src/test/resources");
        try (JarInputStream jar = new JarInputStream(Files.newInputStream(tests()))) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                String name = entry.getName();
                if (!entry.isDirectory() && !name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    copy(jar, resources.resolve(name));
                }
            }
        }
    }

    private static void copy(JarInputStream jar, Path file) {
        try {
            Files.createDirectories(file.getParent());
            Files.copy(jar, file);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot lay out " + file, failure);
        }
    }
}
