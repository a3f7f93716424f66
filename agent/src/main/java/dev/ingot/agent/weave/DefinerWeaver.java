package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Weaves the two places of the JDK where hidden classes come from, so that Ingot sees them all. */
public final class DefinerWeaver {
    /** Defines hidden classes. */
    public static final String DEFINER = "java/lang/invoke/MethodHandles$Lookup$ClassDefiner";
    /** Finds lambdas in the JVM's shared archive, past the definer. */
    public static final String ARCHIVE = "java/lang/invoke/LambdaProxyClassArchive";

    private static final String ACCESS = "jdk/internal/access/JavaLangAccess";
    private static final String HIDDEN_CLASSES = "dev/ingot/runtime/HiddenClasses";

    private DefinerWeaver() {}

    /** Whether {@link #weave} takes a class of this name. */
    public static boolean takes(String internalName) {
        return internalName.equals(DEFINER) || internalName.equals(ARCHIVE);
    }

    public static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean archive = reader.getClassName().equals(ARCHIVE);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (archive) {
                            return name.equals("find") ? finder(next) : next;
                        }
                        return redirect(next);
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** Makes the archive look empty. */
    private static @Nullable MethodVisitor finder(MethodVisitor next) {
        next.visitCode();
        next.visitInsn(Opcodes.ACONST_NULL);
        next.visitInsn(Opcodes.ARETURN);
        next.visitMaxs(0, 0);
        next.visitEnd();
        return null;
    }

    private static MethodVisitor redirect(MethodVisitor next) {
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (owner.equals(ACCESS) && name.equals("defineClass")) {
                    String withAccess = "(L" + ACCESS + ";" + descriptor.substring(1);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, HIDDEN_CLASSES, "define", withAccess, false);
                } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }
            }
        };
    }
}
