package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** A method woven for speed keeps the shape in which the compilers do well. */
class LeanMethodsTest {

    /** What is woven. */
    interface Sample {
        static StringBuilder created(Supplier<String> text) {
            return new StringBuilder(text.get());
        }

        static int sum(int[] values) {
            int sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[i];
            }
            return sum;
        }
    }

    @Test
    void createsAnObjectBeforeItsArguments() throws IOException {
        List<Integer> opcodes = opcodesOf(woven("created"));

        assertThat(opcodes.indexOf(Opcodes.NEW)).isNotNegative().isLessThan(opcodes.indexOf(Opcodes.INVOKEINTERFACE));
    }

    @Test
    void testsALoopInTheBlockOfItsPoll() throws IOException {
        MethodNode sum = woven("sum");

        AbstractInsnNode poll = pollIn(sum);
        TryCatchBlockNode range = sum.tryCatchBlocks.get(0);

        assertThat(sum.tryCatchBlocks).hasSize(1);
        assertThat(sum.instructions.indexOf(range.start)).isLessThan(sum.instructions.indexOf(poll));
        assertThat(requireNonNull(range.end.getPrevious()).getOpcode()).isEqualTo(Opcodes.IF_ICMPGE);
    }

    private static AbstractInsnNode pollIn(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof InvokeDynamicInsnNode call && call.name.equals("poll")) {
                return insn;
            }
        }
        throw new AssertionError(method.name + " has no poll");
    }

    private static List<Integer> opcodesOf(MethodNode method) {
        List<Integer> opcodes = new ArrayList<>();
        for (AbstractInsnNode insn : method.instructions) {
            opcodes.add(insn.getOpcode());
        }
        return opcodes;
    }

    private static MethodNode woven(String method) throws IOException {
        WovenClass woven = new Weaver(LeanMethodsTest::noOldClasses).weave(sample(), WeaveRequest.PROGRAM);
        ClassNode node = new ClassNode();
        new ClassReader(requireNonNull(woven).bytes()).accept(node, 0);
        return node.methods.stream()
                .filter(candidate -> candidate.name.equals(method))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] sample() throws IOException {
        String file = Sample.class.getName().replace('.', '/') + ".class";
        try (InputStream in = requireNonNull(Sample.class.getClassLoader().getResourceAsStream(file))) {
            return in.readAllBytes();
        }
    }

    private static String noOldClasses(String first, String second) {
        throw new AssertionError("the sample has stack map frames: " + first + ", " + second);
    }
}
