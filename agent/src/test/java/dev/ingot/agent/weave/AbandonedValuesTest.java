package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/** Values that nothing touches any more are popped as soon as they are pushed, and no others. */
class AbandonedValuesTest {
    private static final String OWNER = "sample/Values";

    /** What the method does with the stack. */
    private interface Body {
        void write(MethodVisitor method);
    }

    @Test
    void popsWideAndNarrowValuesThatAreLeft() {
        MethodNode method = popped(body -> {
            body.visitInsn(Opcodes.LCONST_1);
            body.visitInsn(Opcodes.ICONST_2);
            body.visitInsn(Opcodes.ICONST_3);
            body.visitInsn(Opcodes.IRETURN);
        });

        assertThat(opcodes(method))
                .containsExactly(
                        Opcodes.LCONST_1,
                        Opcodes.POP2,
                        Opcodes.ICONST_2,
                        Opcodes.POP,
                        Opcodes.ICONST_3,
                        Opcodes.IRETURN);
    }

    @Test
    void keepsWhatIsUsedLaterAndWhatLiesAboveIt() {
        List<Integer> opcodes = opcodes(popped(body -> {
            body.visitInsn(Opcodes.ICONST_1);
            body.visitInsn(Opcodes.ICONST_2);
            body.visitInsn(Opcodes.POP);
            body.visitInsn(Opcodes.IRETURN);
        }));

        assertThat(opcodes).containsExactly(Opcodes.ICONST_1, Opcodes.ICONST_2, Opcodes.POP, Opcodes.IRETURN);
    }

    @Test
    void takesWhatIsLeftOutOfTheFramesAtWhichControlFlowsJoin() {
        MethodNode method = popped(body -> {
            body.visitInsn(Opcodes.ICONST_5);
            Label otherwise = new Label();
            Label end = new Label();
            body.visitVarInsn(Opcodes.ILOAD, 0);
            body.visitJumpInsn(Opcodes.IFEQ, otherwise);
            body.visitInsn(Opcodes.ICONST_1);
            body.visitJumpInsn(Opcodes.GOTO, end);
            body.visitLabel(otherwise);
            body.visitInsn(Opcodes.ICONST_2);
            body.visitLabel(end);
            body.visitInsn(Opcodes.ICONST_3);
            body.visitInsn(Opcodes.IRETURN);
        });

        assertThat(opcodes(method))
                .hasSize(11)
                .filteredOn(opcode -> opcode == Opcodes.POP)
                .hasSize(3);
        assertThat(framesOf(method))
                .hasSize(2)
                .allSatisfy(frame -> assertThat(frame.stack).isEmpty());
    }

    @Test
    void leavesAMethodAsItIsIfAValueIsLeftOnOneWayOnly() {
        List<Integer> opcodes = opcodes(popped(body -> {
            Label left = new Label();
            body.visitInsn(Opcodes.ICONST_5);
            body.visitVarInsn(Opcodes.ILOAD, 0);
            body.visitJumpInsn(Opcodes.IFEQ, left);
            body.visitInsn(Opcodes.IRETURN);
            body.visitLabel(left);
            body.visitInsn(Opcodes.ICONST_3);
            body.visitInsn(Opcodes.IRETURN);
        }));

        assertThat(opcodes).doesNotContain(Opcodes.POP).hasSize(6);
    }

    private static MethodNode popped(Body body) {
        MethodNode method = method(body);
        method.maxStack = 100;
        AbandonedValues.pop(OWNER, method);
        return method;
    }

    /** A method of one parameter, read with the frames that ASM computes for it. */
    private static MethodNode method(Body body) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, OWNER, null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "value", "(I)I", null, null);
        method.visitCode();
        body.write(method);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        ClassNode node = new ClassNode();
        new ClassReader(writer.toByteArray()).accept(node, ClassReader.EXPAND_FRAMES);
        return Objects.requireNonNull(node.methods.get(0));
    }

    private static List<Integer> opcodes(MethodNode method) {
        List<Integer> opcodes = new ArrayList<>();
        for (AbstractInsnNode insn : method.instructions) {
            if (insn.getOpcode() >= 0) {
                opcodes.add(insn.getOpcode());
            }
        }
        return opcodes;
    }

    private static List<FrameNode> framesOf(MethodNode method) {
        List<FrameNode> frames = new ArrayList<>();
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof FrameNode frame) {
                frames.add(frame);
            }
        }
        return frames;
    }
}
