package dev.ingot.agent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class RelocationTest {
    @TempDir
    Path root;

    @Test
    void classesHaveTheNewNameWhereverTheyAreMentioned() throws IOException {
        define("lib/x/A", "lib/x/sub/B");
        define("lib/x/sub/B", "java/lang/Object");
        define("user/C", "lib/x/A");
        define("other/D", "lib/xy/E");

        Relocation.main(new String[] {root.toString(), "lib/x/", "own/x/", "user", "other"});

        assertThat(root.resolve("lib/x")).doesNotExist();
        assertThat(superclassOf("own/x/A")).isEqualTo("own/x/sub/B");
        assertThat(superclassOf("own/x/sub/B")).isEqualTo("java/lang/Object");
        assertThat(superclassOf("user/C")).isEqualTo("own/x/A");
        assertThat(superclassOf("other/D")).isEqualTo("lib/xy/E");
    }

    private String superclassOf(String name) throws IOException {
        ClassReader reader = new ClassReader(Files.readAllBytes(file(name)));
        assertThat(reader.getClassName()).isEqualTo(name);
        return reader.getSuperName();
    }

    private void define(String name, String superclass) throws IOException {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, superclass, null);
        writer.visitEnd();
        Files.createDirectories(file(name).getParent());
        Files.write(file(name), writer.toByteArray());
    }

    private Path file(String name) {
        return root.resolve(name + ".classdata");
    }
}
