package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Keeps jnr-ffi from generating machine code, which holds addresses that no other process has. It then calls native functions in
 * the way it does on processors that it has no generator for.
 */
public final class StubWeaver {
    private static final String GENERATOR = "jnr/ffi/provider/jffi/X86MethodGenerator";

    private StubWeaver() {}

    /** Whether {@link #weave} takes a class of this name. */
    public static boolean takes(String internalName) {
        return internalName.equals(GENERATOR);
    }

    public static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return name.equals("isSupported") ? never(next) : next;
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static @Nullable MethodVisitor never(MethodVisitor next) {
        next.visitCode();
        next.visitInsn(Opcodes.ICONST_0);
        next.visitInsn(Opcodes.IRETURN);
        next.visitMaxs(0, 0);
        next.visitEnd();
        return null;
    }
}
