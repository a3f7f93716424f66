package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Tells whether a class file still has the stack map frames that weaving starts from. */
public final class StackMaps {
    private StackMaps() {}

    /**
     * Whether frames that the class file must once have had are gone. HotSpot does not keep those of classes it does not verify,
     * and leaves them out when it writes such a class down again for a transformer.
     */
    public static boolean areMissing(byte[] classFile) {
        JumpsAndFrames scan = new JumpsAndFrames();
        new ClassReader(classFile).accept(scan, ClassReader.SKIP_DEBUG);
        return scan.jumps && !scan.frames;
    }

    private static final class JumpsAndFrames extends ClassVisitor {
        private boolean modern;
        private boolean jumps;
        private boolean frames;

        JumpsAndFrames() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visit(
                int version,
                int access,
                String name,
                @Nullable String signature,
                @Nullable String superName,
                String @Nullable [] interfaces) {
            modern = (version & 0xFFFF) >= Opcodes.V1_7;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return modern && !frames ? new MethodScan() : null;
        }

        private final class MethodScan extends MethodVisitor {
            MethodScan() {
                super(Opcodes.ASM9);
            }

            @Override
            public void visitJumpInsn(int opcode, Label label) {
                jumps = true;
            }

            @Override
            public void visitFrame(
                    int type, int numLocal, Object @Nullable [] local, int numStack, Object @Nullable [] stack) {
                frames = true;
            }
        }
    }
}
