package dev.ingot.agent.weave;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A program with a method as Clojure's compiler makes them: it leaves the value of each of its many statements on the operand
 * stack, and returns over them.
 */
public final class ValuesLeft {
    /** The name of the class; it calls {@code Work} of the same package. */
    public static final String NAME = "dev.ingot.tortured.ValuesLeft";

    /** The method, with its descriptor. */
    static final String GO = "go()V";

    /** How many statements it has; with what they leave on the stack saved at each, no class file could hold it. */
    static final int STATEMENTS = 400;

    /** How many calls of the class there are in each statement. */
    static final int CALLS = 2;

    private static final String INTERNAL_NAME = NAME.replace('.', '/');
    private static final String RESULT = "Ljava/lang/Object;";
    private static final String LIST = "java/util/ArrayList";
    private static final int ROUNDS = 5;
    private static final int STEPS = 10_000;

    private ValuesLeft() {}

    /** The program. */
    public static byte[] classFile() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, INTERNAL_NAME, null, "java/lang/Object", null);
        int constant = Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
        writer.visitField(constant, "LIST", "Ljava/util/ArrayList;", null, null).visitEnd();
        initializer(writer);
        main(writer);
        go(writer);
        step(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void initializer(ClassWriter writer) {
        MethodVisitor method = begin(writer, "<clinit>", "()V");
        method.visitTypeInsn(Opcodes.NEW, LIST);
        method.visitInsn(Opcodes.DUP);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, LIST, "<init>", "()V", false);
        method.visitFieldInsn(Opcodes.PUTSTATIC, INTERNAL_NAME, "LIST", "Ljava/util/ArrayList;");
        end(method);
    }

    private static void main(ClassWriter writer) {
        MethodVisitor method = begin(writer, "main", "([Ljava/lang/String;)V");
        for (int round = 0; round < ROUNDS; round++) {
            method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "go", "()V", false);
        }
        method.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/System", "out", "Ljava/io/PrintStream;");
        method.visitFieldInsn(Opcodes.GETSTATIC, INTERNAL_NAME, "LIST", "Ljava/util/ArrayList;");
        method.visitInsn(Opcodes.DUP);
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, LIST, "hashCode", "()I", false);
        method.visitInsn(Opcodes.SWAP);
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, LIST, "size", "()I", false);
        method.visitInsn(Opcodes.IADD);
        method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/io/PrintStream", "println", "(I)V", false);
        end(method);
    }

    private static void go(ClassWriter writer) {
        MethodVisitor method = begin(writer, "go", "()V");
        for (int statement = 0; statement < STATEMENTS; statement++) {
            method.visitFieldInsn(Opcodes.GETSTATIC, INTERNAL_NAME, "LIST", "Ljava/util/ArrayList;");
            method.visitInsn(Opcodes.DUP);
            method.visitLdcInsn(statement);
            method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "step", "(I)" + RESULT, false);
            method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, LIST, "add", "(Ljava/lang/Object;)Z", false);
            leave(method, statement);
        }
        end(method);
    }

    /** On the stack are the list and a condition: leaves the list and nothing, a wide value or one of two values. */
    private static void leave(MethodVisitor method, int statement) {
        switch (statement % 3) {
            case 0 -> method.visitInsn(Opcodes.POP);
            case 1 -> method.visitInsn(Opcodes.I2L);
            default -> {
                Label otherwise = new Label();
                Label end = new Label();
                method.visitJumpInsn(Opcodes.IFEQ, otherwise);
                method.visitInsn(Opcodes.ICONST_1);
                method.visitJumpInsn(Opcodes.GOTO, end);
                method.visitLabel(otherwise);
                method.visitInsn(Opcodes.ICONST_2);
                method.visitLabel(end);
            }
        }
        method.visitLdcInsn(statement);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, INTERNAL_NAME, "step", "(I)" + RESULT, false);
    }

    private static void step(ClassWriter writer) {
        MethodVisitor method = begin(writer, "step", "(I)" + RESULT);
        method.visitVarInsn(Opcodes.ILOAD, 0);
        method.visitLdcInsn(STEPS);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "dev/ingot/tortured/Work", "steps", "(II)J", false);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;", false);
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static MethodVisitor begin(ClassWriter writer, String name, String descriptor) {
        MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name, descriptor, null, null);
        method.visitCode();
        return method;
    }

    private static void end(MethodVisitor method) {
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }
}
