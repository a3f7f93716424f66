package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Takes values from the operand stack that nothing touches any more until the method ends.
 *
 * <p>Clojure's compiler leaves the value of each form that a file holds on the stack. A call behind hundreds of them would have to
 * save them all, and a rebuild to push them all, which no class file has room for.
 *
 * <p>Such a value has only others of its kind below it, as none of those can be reached without it. So it is gone once the whole
 * stack is popped behind the instruction that pushed it, and what is left are statements.
 */
final class AbandonedValues {
    /** Methods with no more on their stack are left as they are: there is nothing to gain, and most are such. */
    private static final int ORDINARY_STACK = 16;

    private static final int UNKNOWN = -1;
    private static final int ALL = Integer.MAX_VALUE;

    private final MethodNode method;
    private final AbstractInsnNode[] insns;
    private final ControlFlow flow;
    /** By instruction, the slots on the stack before it. */
    private final int[] heights;
    /** By instruction, the types of what is on the stack behind it. */
    private final List<List<Object>> stacks = new ArrayList<>();
    /** By instruction, how many of the lowest slots before it nothing touches from there on. */
    private final int[] untouched;
    /** By instruction, how many of the lowest slots before it are popped already. */
    private final int[] popped;

    private AbandonedValues(String owner, MethodNode method) {
        this.method = method;
        this.insns = method.instructions.toArray();
        this.flow = new ControlFlow(method);
        this.heights = new int[insns.length];
        this.untouched = new int[insns.length];
        this.popped = new int[insns.length];
        Arrays.fill(popped, UNKNOWN);
        follow(new TypeTracker(owner, method.access, method.name, method.desc));
    }

    /** Changes {@code method}, whose stack map frames are expanded, if it leaves values behind. */
    static void pop(String owner, MethodNode method) {
        if (method.maxStack > ORDINARY_STACK) {
            AbandonedValues values = new AbandonedValues(owner, method);
            values.findUntouched();
            if (values.popsAgree()) {
                values.insertPops();
                values.shortenFrames();
            }
        }
    }

    private void follow(TypeTracker types) {
        for (int i = 0; i < insns.length; i++) {
            boolean isFrame = insns[i] instanceof FrameNode;
            if (isFrame) {
                insns[i].accept(types);
            }
            heights[i] = types.height();
            boolean runs = insns[i].getOpcode() >= 0 && types.reachable();
            if (!isFrame) {
                insns[i].accept(types);
            }
            untouched[i] = runs ? heights[i] - touched(i, heights[i], types.height()) : ALL;
            stacks.add(types.stackTypes());
        }
    }

    /** How many slots an instruction reads, moves or drops. */
    private int touched(int index, int before, int after) {
        int opcode = insns[index].getOpcode();
        return switch (opcode) {
            case Opcodes.DUP -> 1;
            case Opcodes.DUP_X1, Opcodes.DUP2, Opcodes.SWAP -> 2;
            case Opcodes.DUP_X2, Opcodes.DUP2_X1 -> 3;
            case Opcodes.DUP2_X2 -> 4;
            case Opcodes.RETURN -> 0;
            case Opcodes.IRETURN, Opcodes.FRETURN, Opcodes.ARETURN, Opcodes.ATHROW -> 1;
            case Opcodes.LRETURN, Opcodes.DRETURN -> 2;
            case Opcodes.TABLESWITCH, Opcodes.LOOKUPSWITCH -> 1;
            case Opcodes.GOTO -> 0;
            default -> before - after + StackEffect.pushed(insns[index]);
        };
    }

    private void findUntouched() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = insns.length - 1; i >= 0; i--) {
                int now = untouched[i];
                if (flow.fallsThrough(i)) {
                    now = Math.min(now, untouched[i + 1]);
                }
                for (int target : flow.targets(i)) {
                    now = Math.min(now, untouched[target]);
                }
                changed |= now < untouched[i];
                untouched[i] = now;
            }
        }
    }

    /** Finds where to pop; false if control flows join that would have popped unlike parts of the stack. */
    private boolean popsAgree() {
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            popped[method.instructions.indexOf(block.handler)] = 0;
        }
        boolean agree = reach(0, 0);
        for (int i = 0; i < insns.length && agree; i++) {
            if (popped[i] == UNKNOWN) {
                // Only a jump from further down leads there.
                popped[i] = 0;
            }
            for (int target : flow.targets(i)) {
                agree &= reach(target, popped[i]);
            }
            if (flow.fallsThrough(i)) {
                agree &= reach(i + 1, popsBehind(i) ? heights[i + 1] : popped[i]);
            }
        }
        return agree;
    }

    private boolean reach(int index, int slots) {
        if (popped[index] == UNKNOWN) {
            popped[index] = slots;
        }
        return popped[index] == slots;
    }

    private boolean popsBehind(int index) {
        int opcode = insns[index].getOpcode();
        // Nothing may come between the entry of a monitor and the range of the handler that leaves it.
        return opcode >= 0
                && opcode != Opcodes.MONITORENTER
                && flow.fallsThrough(index)
                && heights[index + 1] > popped[index]
                && untouched[index + 1] >= heights[index + 1];
    }

    private void insertPops() {
        for (int i = 0; i < insns.length; i++) {
            if (popsBehind(i)) {
                InsnList pops = new InsnList();
                List<Object> stack = stacks.get(i);
                for (int slot = stack.size() - 1; slot >= popped[i]; slot--) {
                    boolean wide = stack.get(slot) == Opcodes.TOP;
                    pops.add(new InsnNode(wide ? Opcodes.POP2 : Opcodes.POP));
                    slot -= wide ? 1 : 0;
                }
                method.instructions.insert(insns[i], pops);
            }
        }
    }

    private void shortenFrames() {
        for (int i = 0; i < insns.length; i++) {
            if (insns[i] instanceof FrameNode frame && popped[i] > 0) {
                int values = 0;
                for (int slot = 0; slot < popped[i]; values++) {
                    slot += Frames.isWide(frame.stack.get(values)) ? 2 : 1;
                }
                frame.stack = new ArrayList<>(frame.stack.subList(values, frame.stack.size()));
            }
        }
    }
}
