package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** The object creations that {@link UninitializedObjects} moved behind the constructors' arguments. */
final class Relocations {
    private final List<Relocation> relocations = new ArrayList<>();
    private final Set<AbstractInsnNode> creations = new HashSet<>();

    /**
     * One of them.
     *
     * @param placeholder the null where the {@code new} was
     * @param creation the {@code new} behind the arguments
     * @param store right after it, into a local that nothing else is stored into
     */
    private record Relocation(AbstractInsnNode placeholder, TypeInsnNode creation, VarInsnNode store) {}

    void add(AbstractInsnNode placeholder, TypeInsnNode creation, VarInsnNode store) {
        relocations.add(new Relocation(placeholder, creation, store));
        creations.add(creation);
    }

    /** The instructions that create the objects, behind the arguments. */
    Set<AbstractInsnNode> creations() {
        return creations;
    }

    /**
     * Creates each object again where the program did, if control flows straight from there to the constructor. The sites and
     * what they save stay what they are: nothing of an object without a constructor run is saved.
     */
    void undo(InsnList code) {
        for (Relocation relocation : relocations) {
            if (isStraight(relocation)) {
                code.insertBefore(relocation.placeholder, new TypeInsnNode(Opcodes.NEW, relocation.creation.desc));
                code.insertBefore(relocation.placeholder, new InsnNode(Opcodes.DUP));
                code.set(relocation.placeholder, new VarInsnNode(Opcodes.ASTORE, relocation.store.var));
                code.remove(relocation.creation);
                code.remove(relocation.store);
            }
        }
    }

    private static boolean isStraight(Relocation relocation) {
        for (AbstractInsnNode insn = relocation.placeholder; insn != relocation.creation; insn = insn.getNext()) {
            if (insn == null
                    || insn instanceof FrameNode
                    || insn instanceof JumpInsnNode
                    || insn instanceof TableSwitchInsnNode
                    || insn instanceof LookupSwitchInsnNode) {
                return false;
            }
        }
        return true;
    }
}
