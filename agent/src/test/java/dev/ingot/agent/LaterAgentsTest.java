package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaterAgentsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void makeAgents() throws IOException {
        make("ours.jar", Map.of("Premain-Class", "dev.ingot.agent.IngotAgent", "Can-Retransform-Classes", "true"));
        make("retransforming.jar", Map.of("Premain-Class", "other.Agent", "Can-Retransform-Classes", "true"));
        make("transforming.jar", Map.of("Premain-Class", "other.Agent"));
    }

    @Test
    void findsThoseBehindThatRetransform() {
        assertThat(among("-javaagent:ours.jar=name=x", "-Xmx1g", "-javaagent:retransforming.jar=some=thing"))
                .containsExactly("retransforming.jar");
    }

    @Test
    void passesOverThoseInFrontAndThoseThatOnlyTransform() {
        assertThat(among("-javaagent:retransforming.jar", "-javaagent:ours.jar", "-javaagent:transforming.jar"))
                .isEmpty();
    }

    @Test
    void findsNothingWithoutOurs() {
        assertThat(among("-javaagent:retransforming.jar", "-javaagent:missing.jar"))
                .isEmpty();
    }

    private Iterable<String> among(String... arguments) {
        return LaterAgents.among(arguments, directory);
    }

    private void make(String name, Map<String, String> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        entries.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(directory.resolve(name)), manifest)) {
            jar.finish();
        }
    }
}
