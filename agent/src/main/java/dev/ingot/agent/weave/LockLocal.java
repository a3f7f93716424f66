package dev.ingot.agent.weave;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Where a compiler keeps the object of a monitor until it is left again. HotSpot compiles a method only if it can tell that what is
 * left is what was entered, so a rebuild comes in before the instructions that bring the object from there, or to there.
 *
 * @param begin the first of these instructions
 * @param index of the local
 * @param isLoaded whether the object is in the local when {@code begin} is come to, and on top of the stack otherwise
 */
record LockLocal(AbstractInsnNode begin, int index, boolean isLoaded) {

    /**
     * Looks at the instructions in front of {@code enter}.
     *
     * @param held the instructions of the method at which the monitor is held, by index in {@code insns}
     * @return null if the object is kept in no way that is known, or something else is put there meanwhile
     */
    static @Nullable LockLocal of(AbstractInsnNode[] insns, AbstractInsnNode enter, BitSet held) {
        if (!(before(enter) instanceof VarInsnNode access) || isOverwritten(insns, access.var, held)) {
            return null;
        }
        if (access.getOpcode() == Opcodes.ALOAD) {
            return new LockLocal(access, access.var, true);
        }
        AbstractInsnNode first = before(access);
        return access.getOpcode() == Opcodes.ASTORE && first != null && first.getOpcode() == Opcodes.DUP
                ? new LockLocal(first, access.var, false)
                : null;
    }

    /** The instruction before {@code insn}; null if there is none, or control comes from elsewhere. */
    private static @Nullable AbstractInsnNode before(AbstractInsnNode insn) {
        AbstractInsnNode found = insn.getPrevious();
        while (found != null && found.getOpcode() < 0) {
            if (found instanceof FrameNode) {
                return null;
            }
            found = found.getPrevious();
        }
        return found;
    }

    private static boolean isOverwritten(AbstractInsnNode[] insns, int local, BitSet held) {
        for (int index = held.nextSetBit(0); index >= 0; index = held.nextSetBit(index + 1)) {
            if (precedesExit(insns, index, held)) {
                continue;
            }
            if (insns[index] instanceof VarInsnNode store && store.getOpcode() >= Opcodes.ISTORE) {
                boolean wide = store.getOpcode() == Opcodes.LSTORE || store.getOpcode() == Opcodes.DSTORE;
                if (store.var == local || (wide && store.var + 1 == local)) {
                    return true;
                }
            } else if (insns[index] instanceof IincInsnNode increment && increment.var == local) {
                return true;
            }
        }
        return false;
    }

    /** Whether the monitor is left right after an instruction: Clojure's compiler clears the local there. */
    private static boolean precedesExit(AbstractInsnNode[] insns, int index, BitSet held) {
        int next = index + 1;
        while (next < insns.length && insns[next].getOpcode() < 0) {
            next++;
        }
        return next < insns.length && insns[next].getOpcode() == Opcodes.MONITOREXIT && !held.get(next + 1);
    }

    SavedLocal asSaved() {
        return new SavedLocal(index, 'A');
    }
}
