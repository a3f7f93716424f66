package dev.ingot.agent.weave;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/** Sees to it that a class file has the stack map frames that weaving starts from. */
public final class StackMaps {
    private static final int REACH_OF_LDC = 256;

    private StackMaps() {}

    /**
     * Whether frames that some method of the class file must once have had are gone. HotSpot does not keep those of classes it does
     * not verify, and leaves them out when it writes such a class down again for a transformer; another agent then adds those of
     * the methods that it changes.
     */
    public static boolean areMissing(byte[] classFile) {
        return majorVersion(classFile) >= Opcodes.V1_7 && !areComplete(classFile);
    }

    /** Whether all methods have frames that jump or catch something. */
    static boolean areComplete(byte[] classFile) {
        JumpsAndFrames scan = new JumpsAndFrames();
        new ClassReader(classFile).accept(scan, ClassReader.SKIP_DEBUG);
        return !scan.missing;
    }

    static int majorVersion(byte[] classFile) {
        return ((classFile[6] & 0xFF) << 8) | (classFile[7] & 0xFF);
    }

    /**
     * A class file whose frames are gone, with frames: the class as it was compiled where that differs in nothing else, and the
     * given one with computed frames where another agent has changed it.
     */
    public static byte[] restored(byte[] classFile, byte[] compiled, ClassHierarchy hierarchy) {
        if (Content.of(classFile).equals(Content.of(compiled))) {
            return compiled;
        }
        ClassWriter writer = new HierarchyClassWriter(hierarchy);
        occupyReachOfLdc(writer);
        new ClassReader(classFile).accept(writer, ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }

    /**
     * HotSpot merges the constants of a redefined class with those it had. One that thereby leaves the reach of {@code ldc} has that
     * instruction replaced by {@code ldc_w}, which moves all code behind it away from where its sites were noted. So no
     * constant is within that reach to begin with.
     */
    private static void occupyReachOfLdc(ClassWriter writer) {
        for (int i = 0; i < REACH_OF_LDC; i++) {
            writer.newConst(i);
        }
    }

    /** What an agent can change of a class. */
    private record Content(List<String> interfaces, Set<String> fields, Set<String> methods) {
        static Content of(byte[] classFile) {
            ClassNode node = new ClassNode();
            new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            Set<String> fields = new HashSet<>();
            for (FieldNode field : node.fields) {
                fields.add(field.name + ' ' + field.desc);
            }
            Set<String> methods = new HashSet<>();
            for (MethodNode method : node.methods) {
                methods.add(method.name + method.desc + ' ' + BodyHash.of(method, node.name));
            }
            return new Content(node.interfaces, fields, methods);
        }
    }

    private static final class JumpsAndFrames extends ClassVisitor {
        private boolean missing;

        JumpsAndFrames() {
            super(Opcodes.ASM9);
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return missing ? null : new MethodScan();
        }

        private final class MethodScan extends MethodVisitor {
            private boolean jumps;
            private boolean frames;

            MethodScan() {
                super(Opcodes.ASM9);
            }

            @Override
            public void visitJumpInsn(int opcode, Label label) {
                jumps = true;
            }

            @Override
            public void visitTableSwitchInsn(int min, int max, Label other, Label... labels) {
                jumps = true;
            }

            @Override
            public void visitLookupSwitchInsn(Label other, int[] keys, Label[] labels) {
                jumps = true;
            }

            @Override
            public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
                jumps = true;
            }

            @Override
            public void visitFrame(
                    int type, int numLocal, Object @Nullable [] local, int numStack, Object @Nullable [] stack) {
                frames = true;
            }

            @Override
            public void visitEnd() {
                missing |= jumps && !frames;
            }
        }
    }
}
