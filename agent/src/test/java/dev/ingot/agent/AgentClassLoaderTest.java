package dev.ingot.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class AgentClassLoaderTest {
    @TempDir
    Path directory;

    private AgentClassLoader loader;

    @BeforeEach
    void openJar() throws IOException {
        Path jar = directory.resolve("with space.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(zip, "inst/hidden/Thing.classdata", emptyClass("hidden/Thing"));
            put(zip, "inst/hidden/text.txt", "inside".getBytes(StandardCharsets.UTF_8));
            put(zip, "runtime/planted/Thing.classdata", emptyClass("planted/Thing"));
            put(zip, "outside/text.txt", "outside".getBytes(StandardCharsets.UTF_8));
        }
        loader = new AgentClassLoader(jar.toFile());
    }

    @Test
    void definesHiddenClasses() throws ClassNotFoundException {
        Class<?> thing = loader.loadClass("hidden.Thing");

        assertThat(thing.getClassLoader()).isSameAs(loader);
        assertThat(loader.loadClass("hidden.Thing")).isSameAs(thing);
    }

    @Test
    void doesNotSeeTheProgram() {
        assertThatThrownBy(() -> loader.loadClass(AgentClassLoaderTest.class.getName()))
                .isInstanceOf(ClassNotFoundException.class)
                .hasMessageContaining("AgentClassLoaderTest");
        assertThat(loader.getResource("outside/text.txt")).isNull();
    }

    @Test
    void seesThePlatform() throws ClassNotFoundException {
        assertThat(loader.loadClass("java.sql.Connection").getClassLoader())
                .isSameAs(ClassLoader.getPlatformClassLoader());
    }

    @Test
    void givesResourcesByStreamAndByUrl() throws IOException {
        try (InputStream byName = loader.getResourceAsStream("hidden/text.txt")) {
            assertThat(byName).hasContent("inside");
        }
        assertThat(Collections.list(loader.getResources("hidden/text.txt")))
                .singleElement()
                .satisfies(url -> {
                    try (InputStream byUrl = url.openStream()) {
                        assertThat(byUrl).hasContent("inside");
                    }
                });
    }

    @Test
    void givesTheBytesOfItsClassesUnderTheirUsualName() throws IOException {
        try (InputStream bytes = loader.getResourceAsStream("hidden/Thing.class")) {
            assertThat(bytes).hasBinaryContent(emptyClass("hidden/Thing"));
        }
    }

    @Test
    void givesPlantedClassesAsResourcesAlone() throws IOException {
        try (InputStream bytes = loader.getResourceAsStream("runtime/planted/Thing.classdata")) {
            assertThat(bytes).hasBinaryContent(emptyClass("planted/Thing"));
        }
        assertThatThrownBy(() -> loader.loadClass("planted.Thing")).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void refusesADirectoryByName() {
        assertThatThrownBy(() -> new AgentClassLoader(directory.toFile()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("ingot-agent.jar");
    }

    private static byte[] emptyClass(String name) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
