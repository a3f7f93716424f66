package dev.ingot.core.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClassHashesTest {
    @TempDir
    private Path directory;

    @Test
    void noTableOfAFreshJvmLosesEntries() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-javaagent:" + agentJar(),
                "-cp",
                System.getProperty("java.class.path"),
                RehashedJvm.class.getName());

        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();

        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor(5, TimeUnit.MINUTES)).as(output).isTrue();
        assertThat(output).isEqualTo("looked at many");
    }

    private Path agentJar() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", RehashedJvm.class.getName());
        Path jar = directory.resolve("agent.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(out, manifest)) {
            written.finish();
        }
        return jar;
    }
}
