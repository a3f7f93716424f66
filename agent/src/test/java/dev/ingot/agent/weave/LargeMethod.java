package dev.ingot.agent.weave;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A program with a large method: it has many calls inside expressions, and two that are statements.
 */
public final class LargeMethod {
    /** The name of the class; it calls {@code Work} of the same package. */
    public static final String NAME = "dev.ingot.tortured.LargeMethod";

    /** The method, with its descriptor. */
    static final String GO = "go()I";

    private static final String INTERNAL_NAME = NAME.replace('.', '/');
    /** So many that HotSpot still compiles the method, but does not once each of its calls is given capture code. */
    public static final int SMALL_ENOUGH_TO_COMPILE = 700;

    /** So many that no class file can hold the method once each of its calls is given capture code. */
    public static final int NEARLY_A_CLASS_FILE = 5000;

    private static final int ROUNDS = 40;
    private static final int STEPS = 1_000_000;

    private LargeMethod() {}

    /**
     * The program.
     *
     * @param expressions how many calls inside expressions the method has
     */
    public static byte[] classFile(int expressions) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, INTERNAL_NAME, null, "java/lang/Object", null);
        writer.visitField(Opcodes.ACC_STATIC, "zero", "I", null, null).visitEnd();
        main(writer);
        go(writer, expressions);
        one(writer);
        work(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void main(ClassWriter writer) {
        MethodVisitor method = begin(writer, "main", "([Ljava/lang/String;)V");
        Label loop = new Label();
        Label end = new Label();
        method.visitInsn(Opcodes.ICONST_0);
        method.visitVarInsn(Opcodes.ISTORE, 1);
        method.visitLabel(loop);
        method.visitVarInsn(Opcodes.ILOAD, 1);
        method.visitIntInsn(Opcodes.BIPUSH, ROUNDS);
        method.visitJumpInsn(Opcodes.IF_ICMPGE, end);
        method.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/System", "out", "Ljava/io/PrintStream;");
        method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "go", "()I", false);
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/io/PrintStream", "println", "(I)V", false);
        method.visitIincInsn(1, 1);
        method.visitJumpInsn(Opcodes.GOTO, loop);
        method.visitLabel(end);
        end(method, Opcodes.RETURN);
    }

    private static void go(ClassWriter writer, int expressions) {
        MethodVisitor method = begin(writer, "go", "()I");
        method.visitInsn(Opcodes.ICONST_0);
        method.visitVarInsn(Opcodes.ISTORE, 0);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "work", "()V", false);
        for (int i = 0; i < expressions; i++) {
            method.visitFieldInsn(Opcodes.GETSTATIC, INTERNAL_NAME, "zero", "I");
            method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "one", "()I", false);
            method.visitInsn(Opcodes.IADD);
            method.visitVarInsn(Opcodes.ILOAD, 0);
            method.visitInsn(Opcodes.IADD);
            method.visitVarInsn(Opcodes.ISTORE, 0);
        }
        method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "work", "()V", false);
        method.visitVarInsn(Opcodes.ILOAD, 0);
        end(method, Opcodes.IRETURN);
    }

    private static void one(ClassWriter writer) {
        MethodVisitor method = begin(writer, "one", "()I");
        method.visitInsn(Opcodes.ICONST_1);
        end(method, Opcodes.IRETURN);
    }

    private static void work(ClassWriter writer) {
        MethodVisitor method = begin(writer, "work", "()V");
        method.visitInsn(Opcodes.ICONST_1);
        method.visitLdcInsn(STEPS);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "dev/ingot/tortured/Work", "steps", "(II)J", false);
        method.visitInsn(Opcodes.POP2);
        end(method, Opcodes.RETURN);
    }

    private static MethodVisitor begin(ClassWriter writer, String name, String descriptor) {
        MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name, descriptor, null, null);
        method.visitCode();
        return method;
    }

    private static void end(MethodVisitor method, int opcode) {
        method.visitInsn(opcode);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }
}
