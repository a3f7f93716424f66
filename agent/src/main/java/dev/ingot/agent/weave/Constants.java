package dev.ingot.agent.weave;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;

/**
 * What instructions of one class push that is the same whenever they are run: constants, and values of the class's own static final
 * fields. These are read by its methods and set by its initialiser, and while that runs no frame of the class is captured.
 */
final class Constants {
    private final String owner;
    private final Set<String> fields = new HashSet<>();

    /** @param owner internal name of the class */
    Constants(String owner) {
        this.owner = owner;
    }

    /** Notes a field of the class. */
    void add(int access, String name, String descriptor) {
        int constant = Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
        if ((access & constant) == constant) {
            fields.add(name + descriptor);
        }
    }

    String owner() {
        return owner;
    }

    boolean arePushedBy(AbstractInsnNode insn) {
        return StackEffect.isConstant(insn)
                || (insn instanceof FieldInsnNode field
                        && field.getOpcode() == Opcodes.GETSTATIC
                        && field.owner.equals(owner)
                        && fields.contains(field.name + field.desc));
    }
}
