package dev.ingot.agent.weave;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Weaves the places of the JDK where {@code java.lang.foreign} forgets what an image needs: which memory the global arena has
 * allocated, and what calls of native functions are made of.
 */
final class ForeignWeaver {
    private static final String OBJECTS = "dev/ingot/runtime/ForeignObjects";
    private static final String SOFT_REFERENCE = "java/lang/ref/SoftReference";
    private static final String ONE_OBJECT = "(Ljava/lang/Object;)V";

    private ForeignWeaver() {}

    /** Weaves one of the classes of {@link JdkClasses#isSpecial} that it is for. */
    static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean memory = reader.getClassName().equals(JdkClasses.GLOBAL_MEMORY);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (memory) {
                            return name.equals("addInternal") ? noting(next) : next;
                        }
                        return keeping(next);
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static MethodVisitor noting(MethodVisitor next) {
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitCode() {
                super.visitCode();
                super.visitVarInsn(Opcodes.ALOAD, 1);
                super.visitMethodInsn(Opcodes.INVOKESTATIC, OBJECTS, "addGlobal", ONE_OBJECT, false);
            }
        };
    }

    private static MethodVisitor keeping(MethodVisitor next) {
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (owner.equals(SOFT_REFERENCE) && name.equals("<init>") && descriptor.equals(ONE_OBJECT)) {
                    super.visitMethodInsn(
                            Opcodes.INVOKESTATIC, OBJECTS, "keep", "(Ljava/lang/Object;)Ljava/lang/Object;", false);
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        };
    }
}
