package dev.ingot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaLauncherTest {
    @TempDir
    private Path directory;

    @Test
    void aJdkMeansItsLauncher() {
        assertThat(JavaLauncher.in(directory, null)).isEqualTo(directory.resolve("bin/java"));
    }

    @Test
    void aWordIsLookedForAsAShellDoes() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.createFile(first.resolve("java-of-test"));
        Path launcher = Files.createFile(
                second.resolve("java-of-test"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertThat(JavaLauncher.in(Path.of("java-of-test"), first + "::" + second))
                .isEqualTo(launcher);
    }

    @Test
    void whatIsNowhereIsNamedAsItWouldBeHere() {
        Path here = Path.of("java-of-test").toAbsolutePath();

        assertThat(JavaLauncher.in(Path.of("java-of-test"), directory.toString()))
                .isEqualTo(here);
        assertThat(JavaLauncher.in(Path.of("java-of-test"), null)).isEqualTo(here);
    }

    @Test
    void aPathIsNotLookedFor() {
        Path path = Path.of("/nowhere/java-of-test");

        assertThat(JavaLauncher.in(path, directory.toString())).isEqualTo(path);
    }
}
