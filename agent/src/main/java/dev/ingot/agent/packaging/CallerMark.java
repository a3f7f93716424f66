package dev.ingot.agent.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Marks the methods of a class so that the JVM passes over them when it looks for the caller of a method that asks who calls it,
 * such as {@code MethodHandles.lookup}. The mark is the JDK's own for compiled method handles; it is written when the jar is laid
 * out, because its type cannot be named in source code.
 */
public final class CallerMark {
    /** Read by the JVM in classes of the boot loader. */
    static final String DESCRIPTOR = "Ljava/lang/invoke/LambdaForm$Compiled;";

    private CallerMark() {}

    /**
     * Marks every method of a class.
     *
     * @param arguments the class file, which is replaced
     */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Files.write(file, marked(Files.readAllBytes(file)));
    }

    static byte[] marked(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        // Made without the reader: with it, methods would be copied as they are.
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new Marker(writer), 0);
        return writer.toByteArray();
    }

    private static final class Marker extends ClassVisitor {
        Marker(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            method.visitAnnotation(DESCRIPTOR, true).visitEnd();
            return method;
        }
    }
}
