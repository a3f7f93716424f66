package dev.ingot.agent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

class RuntimeIndexTest {
    @TempDir
    Path root;

    @Test
    void namesSupertypesFirst() throws IOException {
        define("p/A", "p/M", "p/Z");
        define("p/M", "java/lang/Object", "p/Y");
        define("p/Y", "java/lang/Object");
        define("p/Z", "java/lang/Object", "p/Y");
        define("p/Other", "java/lang/Thread");
        define("later/B", "p/A");

        assertThat(RuntimeIndex.orderOf(root, "p")).containsExactly("p/Y", "p/M", "p/Z", "p/A", "p/Other");
    }

    @Test
    void writesOneNameALineAndEndsTheLast() throws IOException {
        define("p/A", "p/B");
        define("p/B", "java/lang/Object");

        RuntimeIndex.main(new String[] {root.toString(), "p"});

        assertThat(root.resolve("index")).hasContent("p/B\np/A\n");
    }

    private void define(String name, String superclass, String... interfaces) throws IOException {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, superclass, interfaces);
        writer.visitEnd();
        Path file = root.resolve(name + ".classdata");
        Files.createDirectories(file.getParent());
        Files.write(file, writer.toByteArray());
    }
}
