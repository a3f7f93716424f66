package dev.ingot.agent.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentJarsTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void makeAgents() throws IOException {
        make("ours.jar", "dev.ingot.agent.IngotAgent");
        make("an other.jar", "other.Agent");
    }

    @Test
    void knowsTheOthersWhereverTheyStandOnTheCommandLine() throws IOException {
        AgentJars behind = among("-javaagent:ours.jar=name=x", "-javaagent:an other.jar=some=thing");
        AgentJars before = among("-javaagent:" + directory.resolve("an other.jar"), "-javaagent:ours.jar");

        assertThat(behind.contain(domain("an other.jar"))).isTrue();
        assertThat(before.contain(domain("an other.jar"))).isTrue();
    }

    @Test
    void leavesTheProgramAndIngotItselfOut() throws IOException {
        AgentJars jars = among("-javaagent:ours.jar", "-javaagent:an other.jar");

        assertThat(jars.contain(domain("ours.jar"))).isFalse();
        assertThat(among("-javaagent:ours.jar").areThere()).isFalse();
        assertThat(jars.contain(domain("program.jar"))).isFalse();
        assertThat(jars.contain(null)).isFalse();
        assertThat(jars.contain(new ProtectionDomain(null, null))).isFalse();
    }

    @Test
    void takesTheJarOfTheProgramForNoAgentsThoughItIsOneToo() throws IOException {
        make("both.jar", "app.Both", "app/Main.class");
        String[] agents = {"-javaagent:both.jar", "-javaagent:an other.jar"};

        for (String command : List.of(
                "both.jar run", "app.Main run", directory.resolve("both.jar").toString())) {
            AgentJars jars = AgentJars.among(agents, command, "", directory);
            assertThat(jars.contain(domain("both.jar"))).as(command).isFalse();
            assertThat(AgentJars.among(new String[] {"-javaagent:both.jar"}, command, "", directory)
                            .areThere())
                    .isTrue();
            assertThat(jars.contain(domain("an other.jar"))).as(command).isTrue();
        }
        assertThat(AgentJars.among(agents, "app.Other", "", directory).contain(domain("both.jar")))
                .isTrue();
    }

    @Test
    void tellsThoseThatTheProgramUsesToo() throws IOException {
        String[] agents = {"-javaagent:an other.jar"};
        AgentJars shared = AgentJars.among(agents, "Main", "lib.jar" + File.pathSeparator + "an other.jar", directory);

        assertThat(shared.contain(domain("an other.jar"))).isTrue();
        assertThat(shared.containApart(domain("an other.jar"))).isFalse();
        assertThat(among(agents).containApart(domain("an other.jar"))).isTrue();
    }

    private AgentJars among(String... arguments) {
        return AgentJars.among(arguments, "program.jar", "program.jar", directory);
    }

    private ProtectionDomain domain(String jar) throws MalformedURLException {
        CodeSource source = new CodeSource(directory.resolve(jar).toUri().toURL(), (Certificate[]) null);
        return new ProtectionDomain(source, null);
    }

    private void make(String name, String premain, String... entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", premain);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(directory.resolve(name)), manifest)) {
            for (String entry : entries) {
                jar.putNextEntry(new ZipEntry(entry));
            }
            jar.finish();
        }
    }
}
