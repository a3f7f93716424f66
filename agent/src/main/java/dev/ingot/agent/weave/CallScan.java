package dev.ingot.agent.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Looks at the calls of a method. */
final class CallScan {
    private CallScan() {}

    /** Whether the method calls anything under which a capture can happen. */
    static boolean hasSite(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            // Constructors call themselves without end in no program, so creations need no poll to break a recursion.
            boolean constructs = insn instanceof MethodInsnNode call && call.name.equals("<init>");
            if (!constructs && MethodAnalysis.isCallSite(insn)) {
                return true;
            }
        }
        return false;
    }

    /** Whether anything but a poll at its entry can make the method one that is woven; cheaper than to analyse it. */
    static boolean mayHaveSite(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            int opcode = insn.getOpcode();
            boolean branches =
                    insn instanceof JumpInsnNode || opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH;
            boolean monitor = opcode == Opcodes.MONITORENTER || opcode == Opcodes.MONITOREXIT;
            if (branches || monitor || MethodAnalysis.isCallSite(insn)) {
                return true;
            }
        }
        return false;
    }

    /** Name and descriptor of the method that a call site of kind {@code CALL} calls. */
    static String calleeOf(AbstractInsnNode insn) {
        MethodInsnNode call = (MethodInsnNode) insn;
        return call.name + call.desc;
    }
}
