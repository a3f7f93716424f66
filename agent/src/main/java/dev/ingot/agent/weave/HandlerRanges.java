package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The part of a method's exception table that belongs to the capture handlers.
 *
 * <p>A range ends a basic block for the compilers. The one of a poll at a loop header would leave a block with nothing but the
 * poll in it at the head of the loop, and C2 turns only such loops around (the test behind the body, no jump in between) that
 * begin with the block of their test. So that range is drawn out to behind the test, over whatever cannot raise the signal;
 * calls on the way that are sites with the same handler come under it too.
 */
final class HandlerRanges {
    /**
     * What a site needs.
     *
     * @param saved by the handler
     */
    private record Range(
            Site.Kind kind,
            LabelNode begin,
            LabelNode end,
            LabelNode handler,
            List<SavedLocal> saved,
            boolean receiver) {}

    private final List<Range> ranges = new ArrayList<>();

    /** Adds the range of the next site, in the order of the code. */
    void add(
            Site.Kind kind,
            LabelNode begin,
            LabelNode end,
            LabelNode handler,
            List<SavedLocal> saved,
            boolean receiver) {
        ranges.add(new Range(kind, begin, end, handler, saved, receiver));
    }

    /** Puts all ranges first in the exception table of {@code method}. */
    void insertInto(MethodNode method) {
        boolean drawOut = hasLoopPoll() && CodeSize.of(method) <= CodeSize.HOTSPOT_COMPILE_LIMIT;
        List<TryCatchBlockNode> blocks = new ArrayList<>(ranges.size());
        for (int i = 0; i < ranges.size(); ) {
            Range range = ranges.get(i);
            int last = i;
            LabelNode end = range.end;
            if (drawOut && range.kind == Site.Kind.LOOP_POLL) {
                int drawn = lastUpToTest(i);
                if (drawn >= 0) {
                    last = drawn;
                    end = new LabelNode();
                    method.instructions.insert(testBehind(last), end);
                }
            }
            blocks.add(new TryCatchBlockNode(range.begin, end, range.handler, RuntimeNames.SIGNAL));
            i = last + 1;
        }
        method.tryCatchBlocks.addAll(0, blocks);
    }

    private boolean hasLoopPoll() {
        for (Range range : ranges) {
            if (range.kind == Site.Kind.LOOP_POLL) {
                return true;
            }
        }
        return false;
    }

    /** The last range before the test that the block of the {@code first} one ends with; negative if it cannot be reached. */
    private int lastUpToTest(int first) {
        Range range = ranges.get(first);
        int last = first;
        AbstractInsnNode insn = range.end;
        while (insn != null && !(insn instanceof JumpInsnNode)) {
            if (last + 1 < ranges.size() && insn == ranges.get(last + 1).begin) {
                last++;
                if (ranges.get(last).handler != range.handler) {
                    return -1;
                }
                insn = ranges.get(last).end;
            } else if (!isHarmless(insn, range)) {
                return -1;
            }
            insn = insn.getNext();
        }
        boolean isTest = insn != null && insn.getOpcode() != Opcodes.GOTO && insn.getOpcode() != Opcodes.JSR;
        return isTest ? last : -1;
    }

    private AbstractInsnNode testBehind(int last) {
        AbstractInsnNode insn = ranges.get(last).end;
        while (!(insn instanceof JumpInsnNode)) {
            insn = insn.getNext();
        }
        return insn;
    }

    /** Whether the handler may begin at {@code insn}, too: what it saves must be there, and as many monitors held. */
    private static boolean isHarmless(AbstractInsnNode insn, Range range) {
        if (insn instanceof VarInsnNode store && store.getOpcode() >= Opcodes.ISTORE) {
            return !touches(store, range);
        }
        if (insn instanceof MethodInsnNode call) {
            return !call.name.equals("<init>");
        }
        return switch (insn.getOpcode()) {
            case Opcodes.MONITORENTER,
                    Opcodes.MONITOREXIT,
                    Opcodes.NEW,
                    Opcodes.ATHROW,
                    Opcodes.RET,
                    Opcodes.TABLESWITCH,
                    Opcodes.LOOKUPSWITCH -> false;
            default ->
                !(insn instanceof FrameNode)
                        && !(insn.getOpcode() >= Opcodes.IRETURN && insn.getOpcode() <= Opcodes.RETURN);
        };
    }

    private static boolean touches(VarInsnNode store, Range range) {
        if (range.receiver && store.var == 0) {
            return true;
        }
        int lastStored = store.var + (isWide(store) ? 1 : 0);
        for (SavedLocal saved : range.saved) {
            int lastSaved = saved.index() + SavedLocal.sizeOf(saved.sort()) - 1;
            if (store.var <= lastSaved && lastStored >= saved.index()) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWide(VarInsnNode store) {
        return store.getOpcode() == Opcodes.LSTORE || store.getOpcode() == Opcodes.DSTORE;
    }
}
