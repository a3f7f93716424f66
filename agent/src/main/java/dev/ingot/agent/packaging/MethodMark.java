package dev.ingot.agent.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Marks all methods of classes of the boot loader for the JVM. The marks are the JDK's own annotations; they are written when the jar is laid out,
 * because their types cannot be named in source code.
 */
public enum MethodMark {
    /**
     * The JVM passes over such a method when it looks for the caller of a method that asks who calls it, such as {@code
     * MethodHandles.lookup}; made for compiled method handles.
     */
    CALLER("Ljava/lang/invoke/LambdaForm$Compiled;"),

    /** Stack traces show no such method unless the JVM runs with {@code -XX:+ShowHiddenFrames}. */
    HIDDEN("Ljdk/internal/vm/annotation/Hidden;");

    private final String descriptor;

    MethodMark(String descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Marks every method of some classes.
     *
     * @param arguments the name of a mark in lower case, and the class files, which are replaced
     */
    public static void main(String[] arguments) throws IOException {
        MethodMark mark = valueOf(arguments[0].toUpperCase(Locale.ROOT));
        for (int i = 1; i < arguments.length; i++) {
            Path file = Path.of(arguments[i]);
            Files.write(file, mark.on(Files.readAllBytes(file)));
        }
    }

    String descriptor() {
        return descriptor;
    }

    private byte[] on(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        // Made without the reader: with it, methods would be copied as they are.
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new Marker(writer), 0);
        return writer.toByteArray();
    }

    private final class Marker extends ClassVisitor {
        Marker(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            method.visitAnnotation(MethodMark.this.descriptor, true).visitEnd();
            return method;
        }
    }
}
