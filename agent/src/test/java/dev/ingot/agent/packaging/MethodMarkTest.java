package dev.ingot.agent.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;

class MethodMarkTest {
    @TempDir
    private Path directory;

    @Test
    void marksEveryMethodOfTheFile() throws IOException {
        Path file = directory.resolve("A.classdata");
        Files.write(file, withMethods("first", "second"));

        MethodMark.main(new String[] {"caller", file.toString()});
        MethodMark.main(new String[] {"hidden", file.toString()});

        ClassNode marked = new ClassNode();
        new ClassReader(Files.readAllBytes(file)).accept(marked, 0);
        assertThat(marked.methods).extracting(method -> method.name).containsExactly("first", "second");
        assertThat(marked.methods)
                .allSatisfy(method -> assertThat(method.visibleAnnotations)
                        .extracting((AnnotationNode annotation) -> annotation.desc)
                        .containsExactlyInAnyOrder(MethodMark.CALLER.descriptor(), MethodMark.HIDDEN.descriptor()));
    }

    private static byte[] withMethods(String... names) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "p/A", null, "java/lang/Object", null);
        for (String name : names) {
            MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name, "()V", null, null);
            method.visitCode();
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(0, 0);
            method.visitEnd();
        }
        writer.visitEnd();
        return writer.toByteArray();
    }
}
