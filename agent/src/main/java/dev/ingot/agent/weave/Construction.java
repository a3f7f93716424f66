package dev.ingot.agent.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The instructions from a {@code new} to the call of its constructor. */
final class Construction {
    private Construction() {}

    /**
     * Whether the instructions between may run once more, and give the constructor the same arguments: they have no effect, read
     * only locals, and leave one copy of the object below the arguments or none.
     */
    static boolean repeats(AbstractInsnNode creation, AbstractInsnNode call) {
        AbstractInsnNode first = MethodAnalysis.real(creation.getNext());
        for (AbstractInsnNode insn = creation.getNext(); insn != call; insn = insn.getNext()) {
            boolean copies = insn == first && insn.getOpcode() == Opcodes.DUP;
            if (insn instanceof FrameNode || (insn.getOpcode() >= 0 && !copies && !computes(insn))) {
                return false;
            }
        }
        return true;
    }

    /** Whether {@code insn} only pushes what it can compute again at any time from locals and the stack. */
    static boolean computes(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return insn instanceof VarInsnNode
                ? opcode <= Opcodes.ALOAD
                : StackEffect.isConstant(insn)
                        || (opcode >= Opcodes.IADD && opcode <= Opcodes.DCMPG && opcode != Opcodes.IINC);
    }
}
