package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Weaves the places of the JDK where classes come from that no class file is there for: the two where hidden classes do, so that
 * Ingot sees them all, and the generator of proxies, so that it makes the same class in every JVM.
 */
final class DefinerWeaver {
    private static final String ACCESS = "jdk/internal/access/JavaLangAccess";
    private static final String HIDDEN_CLASSES = "dev/ingot/runtime/HiddenClasses";
    private static final String PROXY_METHODS = "dev/ingot/runtime/ProxyMethods";

    private DefinerWeaver() {}

    /** Weaves one of the classes of {@link JdkClasses#isSpecial} that it is for. */
    static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        boolean proxies = reader.getClassName().equals(JdkClasses.PROXIES);
        boolean archive = reader.getClassName().equals(JdkClasses.ARCHIVE);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (proxies) {
                            return inOrder(next);
                        }
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

    private static MethodVisitor inOrder(MethodVisitor next) {
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (owner.equals("java/lang/Class") && name.equals("getMethods")) {
                    String ofClass = "(Ljava/lang/Class;" + descriptor.substring(1);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, PROXY_METHODS, name, ofClass, false);
                } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }
            }
        };
    }
}
