package dev.ingot.agent.weave;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;

/**
 * The labels by which stack map frames name objects that no constructor has run on. A frame means the {@code new} at the
 * label, so the label must stay there when code is woven in between.
 */
final class CreationLabels {
    private final Map<LabelNode, AbstractInsnNode> creations = new HashMap<>();

    private CreationLabels() {}

    /** Remembers which {@code new} each label means. */
    static CreationLabels of(InsnList code) {
        CreationLabels labels = new CreationLabels();
        for (AbstractInsnNode insn : code) {
            if (insn.getOpcode() == Opcodes.NEW) {
                AbstractInsnNode before = insn.getPrevious();
                while (before != null && before.getOpcode() < 0) {
                    if (before instanceof LabelNode label) {
                        labels.creations.put(label, insn);
                    }
                    before = before.getPrevious();
                }
            }
        }
        return labels;
    }

    /** Gives every {@code new} that a frame means a label of its own, right before it. */
    void moveTo(InsnList code) {
        Map<AbstractInsnNode, LabelNode> moved = new HashMap<>();
        for (AbstractInsnNode insn : code.toArray()) {
            if (insn instanceof FrameNode frame) {
                move(frame.local, moved, code);
                move(frame.stack, moved, code);
            }
        }
    }

    private void move(List<Object> types, Map<AbstractInsnNode, LabelNode> moved, InsnList code) {
        if (types == null) {
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof LabelNode label && creations.containsKey(label)) {
                types.set(i, moved.computeIfAbsent(creations.get(label), creation -> {
                    LabelNode fresh = new LabelNode();
                    code.insertBefore(creation, fresh);
                    return fresh;
                }));
            }
        }
    }
}
