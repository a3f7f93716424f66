package dev.ingot.core.jdk.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A library whose file has gone is found in the jar that it was unpacked from. */
@EnabledOnOs(OS.LINUX)
class LibraryFileTest {
    @TempDir
    private Path directory;

    /** Stands for the class that loads a library. */
    static final class Loading {}

    @Test
    void isFoundInTheJarOfTheClassThatLoadedIt() throws Exception {
        MemoryMap library = loaded();
        byte[] content = Files.readAllBytes(Path.of(library.path()));
        byte[] other = content.clone();
        other[other.length / 100]++;

        assertThat(LibraryFile.unpackedFrom(loading("other", other, content), library))
                .isEqualTo(content);
        assertThat(LibraryFile.unpackedFrom(loading("only-other", other), library))
                .isNull();
        assertThat(LibraryFile.unpackedFrom(loading("none"), library)).isNull();
    }

    /** The first range of a library of the JDK. */
    private static MemoryMap loaded() throws IOException {
        for (MemoryMap map : MemoryMap.all()) {
            if (map.path().endsWith("/libjava.so") && map.offset() == 0) {
                return map;
            }
        }
        throw new AssertionError("libjava.so is not loaded");
    }

    private Class<?> loading(String name, byte[]... libraries) throws Exception {
        Path jar = directory.resolve(name + ".jar");
        String type = Loading.class.getName();
        try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(jar));
                InputStream classFile = Loading.class.getResourceAsStream("LibraryFileTest$Loading.class")) {
            entries.putNextEntry(new ZipEntry(type.replace('.', '/') + ".class"));
            entries.write(Objects.requireNonNull(classFile).readAllBytes());
            for (int i = 0; i < libraries.length; i++) {
                entries.putNextEntry(new ZipEntry("native/" + i + ".so"));
                entries.write(libraries[i]);
            }
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            return loader.loadClass(type);
        }
    }
}
