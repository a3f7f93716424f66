package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Drops the body of a class's {@code <clinit>}, because its statics come from an image. Apart from weaving, so that what was woven for a start
 * serves a resume: all other methods stay as they are to the byte.
 */
public final class InitializerEraser {
    private static final String INITIALIZER = "<clinit>";

    private InitializerEraser() {}

    /** The class file without the body; {@code null} if it has no initialiser. */
    public static byte @Nullable [] erase(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        // Methods whose visitor is the writer's own are copied.
        ClassWriter writer = new ClassWriter(reader, 0);
        boolean[] erased = new boolean[1];
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (!name.equals(INITIALIZER)) {
                            return next;
                        }
                        erased[0] = true;
                        next.visitCode();
                        next.visitInsn(Opcodes.RETURN);
                        next.visitMaxs(0, 0);
                        next.visitEnd();
                        return null;
                    }
                },
                0);
        return erased[0] ? writer.toByteArray() : null;
    }
}
