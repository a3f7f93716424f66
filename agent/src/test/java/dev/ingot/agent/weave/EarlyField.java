package dev.ingot.agent.weave;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A program as Java compilers from 25 on make them: its constructor computes a field and a local, then calls another constructor. */
public final class EarlyField {
    /** The name of the class; it calls {@code Work} of the same package. */
    public static final String NAME = "dev.ingot.tortured.EarlyField";

    private static final String INTERNAL_NAME = NAME.replace('.', '/');
    private static final int STEPS = 100_000;
    private static final int ROUNDS = 200;

    private EarlyField() {}

    /** The program. */
    public static byte[] classFile() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, INTERNAL_NAME, null, "java/lang/Object", null);
        writer.visitField(Opcodes.ACC_FINAL, "early", "J", null, null).visitEnd();
        writer.visitField(0, "late", "J", null, null).visitEnd();
        constructor(writer);
        main(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void constructor(ClassWriter writer) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "(I)V", null, null);
        method.visitCode();
        steps(method, 1);
        method.visitVarInsn(Opcodes.LSTORE, 2);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        steps(method, 1);
        method.visitFieldInsn(Opcodes.PUTFIELD, INTERNAL_NAME, "early", "J");
        steps(method, 1);
        method.visitInsn(Opcodes.POP2);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        Label loop = new Label();
        method.visitLabel(loop);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitInsn(Opcodes.DUP);
        method.visitFieldInsn(Opcodes.GETFIELD, INTERNAL_NAME, "late", "J");
        steps(method, 1);
        method.visitInsn(Opcodes.LADD);
        method.visitVarInsn(Opcodes.LLOAD, 2);
        method.visitInsn(Opcodes.LADD);
        method.visitFieldInsn(Opcodes.PUTFIELD, INTERNAL_NAME, "late", "J");
        method.visitIincInsn(1, -1);
        method.visitVarInsn(Opcodes.ILOAD, 1);
        method.visitJumpInsn(Opcodes.IFGT, loop);
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static void steps(MethodVisitor method, int seed) {
        method.visitVarInsn(Opcodes.ILOAD, seed);
        method.visitLdcInsn(STEPS);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "dev/ingot/tortured/Work", "steps", "(II)J", false);
    }

    private static void main(ClassWriter writer) {
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
        MethodVisitor method = writer.visitMethod(access, "main", "([Ljava/lang/String;)V", null, null);
        method.visitCode();
        method.visitTypeInsn(Opcodes.NEW, INTERNAL_NAME);
        method.visitInsn(Opcodes.DUP);
        method.visitLdcInsn(ROUNDS);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, INTERNAL_NAME, "<init>", "(I)V", false);
        method.visitVarInsn(Opcodes.ASTORE, 1);
        print(method, "early");
        print(method, "late");
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static void print(MethodVisitor method, String field) {
        method.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/System", "out", "Ljava/io/PrintStream;");
        method.visitVarInsn(Opcodes.ALOAD, 1);
        method.visitFieldInsn(Opcodes.GETFIELD, INTERNAL_NAME, field, "J");
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/io/PrintStream", "println", "(J)V", false);
    }
}
