package dev.ingot.agent.weave;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The calls after which a method does nothing but return what they return; a cast may come between. */
final class TailCalls {
    private TailCalls() {}

    /** By name and descriptor of the methods, the numbers of such calls among all calls of the method. */
    static Map<String, BitSet> of(byte[] classFile) {
        ClassNode type = new ClassNode();
        new ClassReader(classFile).accept(type, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
        Map<String, BitSet> tails = new HashMap<>();
        for (MethodNode method : type.methods) {
            tails.put(method.name + method.desc, of(method));
        }
        return tails;
    }

    private static BitSet of(MethodNode method) {
        BitSet tails = new BitSet();
        int number = 0;
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof MethodInsnNode call) {
                tails.set(number++, !isCaught(method, call) && returnsAfter(call));
            }
        }
        return tails;
    }

    private static boolean isCaught(MethodNode method, AbstractInsnNode insn) {
        InsnList code = method.instructions;
        int index = code.indexOf(insn);
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            if (code.indexOf(block.start) <= index && index < code.indexOf(block.end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean returnsAfter(MethodInsnNode call) {
        int expected = Type.getReturnType(call.desc).getOpcode(Opcodes.IRETURN);
        AbstractInsnNode insn = call.getNext();
        for (int steps = 0; insn != null && steps < 16; steps++) {
            if (insn instanceof JumpInsnNode jump && jump.getOpcode() == Opcodes.GOTO) {
                insn = jump.label;
            } else if (insn.getOpcode() < 0 || insn.getOpcode() == Opcodes.CHECKCAST) {
                insn = insn.getNext();
            } else if (storedAndLoaded(insn) != null) {
                insn = storedAndLoaded(insn);
            } else {
                return insn.getOpcode() == expected;
            }
        }
        return false;
    }

    /** What follows if a value is stored and loaded again at once. */
    private static @Nullable AbstractInsnNode storedAndLoaded(AbstractInsnNode insn) {
        boolean loads = insn instanceof VarInsnNode store
                && insn.getNext() instanceof VarInsnNode load
                && load.var == store.var
                && store.getOpcode() - Opcodes.ISTORE == load.getOpcode() - Opcodes.ILOAD;
        return loads ? insn.getNext().getNext() : null;
    }
}
