package dev.ingot.agent.weave;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Weaves the loop of the JDK that waits for changes of directories, so that it can be held back where it waits. */
final class WatcherWeaver {
    private static final String WATCHER_THREADS = "dev/ingot/runtime/WatcherThreads";

    private WatcherWeaver() {}

    /** Weaves {@link JdkClasses#WATCHER}. */
    static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return name.equals("run") ? telling(next) : next;
                    }
                },
                0);
        return writer.toByteArray();
    }

    private static MethodVisitor telling(MethodVisitor next) {
        return new MethodVisitor(Opcodes.ASM9, next) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                boolean waits = opcode == Opcodes.INVOKESTATIC && name.equals("poll") && descriptor.equals("(II)I");
                if (waits) {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, WATCHER_THREADS, "waits", "()V", false);
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                if (waits) {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, WATCHER_THREADS, "works", "()V", false);
                }
            }
        };
    }
}
