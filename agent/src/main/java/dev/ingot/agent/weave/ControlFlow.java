package dev.ingot.agent.weave;

import dev.ingot.runtime.PinReason;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What depends only on how control can flow through a method: loops, monitors held and live locals.
 *
 * <p>Instructions are named by their index in the list the analysis was made of.
 */
final class ControlFlow {
    private static final int[] NONE = {};

    private final MethodNode method;
    private final AbstractInsnNode[] insns;
    private final int[][] targets;
    private final int[][] handlers;

    ControlFlow(MethodNode method) {
        this.method = method;
        this.insns = method.instructions.toArray();
        this.targets = new int[insns.length][];
        for (int i = 0; i < insns.length; i++) {
            targets[i] = jumpTargets(i);
        }
        this.handlers = handlersByInstruction();
    }

    /** For each instruction the exception handlers that can be reached from it; a catch-all hides those after it. */
    private int[][] handlersByInstruction() {
        int[][] result = new int[insns.length][];
        Arrays.fill(result, NONE);
        boolean[] closed = new boolean[insns.length];
        InsnList list = method.instructions;
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int handler = list.indexOf(block.handler);
            for (int i = list.indexOf(block.start); i < list.indexOf(block.end); i++) {
                if (!closed[i]) {
                    result[i] = Arrays.copyOf(result[i], result[i].length + 1);
                    result[i][result[i].length - 1] = handler;
                    closed[i] = block.type == null;
                }
            }
        }
        return result;
    }

    /** The labels that a jump from further down goes to. */
    BitSet loopHeaders() {
        BitSet headers = new BitSet();
        for (int i = 0; i < insns.length; i++) {
            for (int target : targets[i]) {
                if (target <= i) {
                    headers.set(target);
                }
            }
        }
        return headers;
    }

    private int[] jumpTargets(int index) {
        InsnList list = method.instructions;
        AbstractInsnNode insn = insns[index];
        if (insn instanceof JumpInsnNode jump) {
            return new int[] {list.indexOf(jump.label)};
        }
        if (insn instanceof TableSwitchInsnNode table) {
            return targetsOf(table.labels, table.dflt);
        }
        if (insn instanceof LookupSwitchInsnNode lookup) {
            return targetsOf(lookup.labels, lookup.dflt);
        }
        return NONE;
    }

    private int[] targetsOf(List<LabelNode> labels, LabelNode otherwise) {
        int[] indexes = new int[labels.size() + 1];
        for (int i = 0; i < labels.size(); i++) {
            indexes[i] = method.instructions.indexOf(labels.get(i));
        }
        indexes[labels.size()] = method.instructions.indexOf(otherwise);
        return indexes;
    }

    /** The instructions to which the one at {@code index} jumps. */
    int[] targets(int index) {
        return targets[index];
    }

    /** Whether the instruction behind the one at {@code index} may be the next. */
    boolean fallsThrough(int index) {
        return fallsThrough(insns[index]) && index + 1 < insns.length;
    }

    private static boolean fallsThrough(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return !(opcode == Opcodes.GOTO
                || opcode == Opcodes.ATHROW
                || opcode == Opcodes.TABLESWITCH
                || opcode == Opcodes.LOOKUPSWITCH
                || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN));
    }

    /**
     * A monitor held at an instruction.
     *
     * @param entry index of the instruction that entered it
     * @param outer the monitor entered before, or the marker of depth 0
     * @param depth number of monitors held, this one included
     */
    record Monitor(int entry, @Nullable Monitor outer, int depth) {
        static final Monitor NONE = new Monitor(-1, null, 0);

        // Spelled out for a quick start, as in SavedLocal.
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Monitor monitor
                            && entry == monitor.entry
                            && depth == monitor.depth
                            && Objects.equals(outer, monitor.outer));
        }

        @Override
        public int hashCode() {
            return entry * 31 + depth;
        }
    }

    /**
     * For each instruction the innermost monitor held before it, {@link Monitor#NONE}, or null where it cannot be reached. An
     * instruction that throws nothing leads to its handlers only where no other does: Kotlin's compiler has a method leave an inner
     * monitor among what the handler of the outer one guards. HotSpot's compilers look at it in the same way.
     *
     * @throws RefusedException if monitors are not left in the reverse order of entering
     */
    @Nullable Monitor[] monitors() throws RefusedException {
        @Nullable Monitor[] held = new Monitor[insns.length];
        Deque<Integer> work = new ArrayDeque<>();
        reach(0, Monitor.NONE, held, work);
        spread(held, work);
        for (int index = 0; index < insns.length; index++) {
            for (int handler : handlers[index]) {
                if (held[index] != null && held[handler] == null) {
                    reach(handler, held[index], held, work);
                    spread(held, work);
                }
            }
        }
        return held;
    }

    private void spread(@Nullable Monitor[] held, Deque<Integer> work) throws RefusedException {
        while (!work.isEmpty()) {
            int index = work.pop();
            Monitor before = Objects.requireNonNull(held[index]);
            Monitor after = afterMonitorInstruction(index, before);
            for (int target : targets[index]) {
                reach(target, after, held, work);
            }
            if (fallsThrough(index)) {
                reach(index + 1, after, held, work);
            }
            if (!mayThrow(insns[index].getOpcode())) {
                continue;
            }
            for (int handler : handlers[index]) {
                reach(handler, before, held, work);
            }
        }
    }

    /** Whether an instruction may throw in a method that leaves each monitor it enters. */
    private static boolean mayThrow(int opcode) {
        boolean pushesConstant = opcode <= Opcodes.SIPUSH;
        boolean loads = opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD;
        boolean stores = opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
        boolean moves = opcode >= Opcodes.POP && opcode <= Opcodes.SWAP;
        boolean returns = opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
        return !pushesConstant
                && !loads
                && !stores
                && !moves
                && !returns
                && opcode != Opcodes.GOTO
                && opcode != Opcodes.IINC
                && opcode != Opcodes.MONITOREXIT;
    }

    private Monitor afterMonitorInstruction(int index, Monitor before) throws RefusedException {
        int opcode = insns[index].getOpcode();
        if (opcode == Opcodes.MONITORENTER) {
            return new Monitor(index, before, before.depth + 1);
        }
        if (opcode != Opcodes.MONITOREXIT) {
            return before;
        }
        if (before.outer == null) {
            throw new RefusedException(PinReason.UNSTRUCTURED_LOCKING);
        }
        return before.outer;
    }

    private static void reach(int index, Monitor now, @Nullable Monitor[] held, Deque<Integer> work)
            throws RefusedException {
        Monitor before = held[index];
        if (before == null) {
            held[index] = now;
            work.push(index);
        } else if (!before.equals(now)) {
            throw new RefusedException(PinReason.UNSTRUCTURED_LOCKING);
        }
    }

    /**
     * For each instruction the locals whose value may still be read, also by an exception handler, or by what restores a
     * constructor up to its call of another one.
     */
    LiveLocals liveLocals(Prologue prologue) {
        LiveLocals live = new LiveLocals(insns.length, method.maxLocals);
        long[] scratch = live.scratch();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = insns.length - 1; i >= 0; i--) {
                Arrays.fill(scratch, 0);
                readAfter(i, prologue, live, scratch);
                changed |= live.set(i, scratch);
            }
        }
        return live;
    }

    private void readAfter(int index, Prologue prologue, LiveLocals live, long[] now) {
        AbstractInsnNode insn = insns[index];
        if (fallsThrough(index)) {
            live.join(index + 1, now);
        }
        for (int target : targets[index]) {
            live.join(target, now);
        }
        if (insn instanceof VarInsnNode access) {
            boolean reads = access.getOpcode() < Opcodes.ISTORE || access.getOpcode() == Opcodes.RET;
            LiveLocals.set(now, access.var, reads);
        } else if (insn instanceof IincInsnNode increment) {
            LiveLocals.set(now, increment.var, true);
        } else if (prologue.endsAt(insn)) {
            for (Prologue.EarlyField field : prologue.fields()) {
                if (field.value() instanceof VarInsnNode value) {
                    LiveLocals.set(now, value.var, true);
                }
            }
        }
        for (int handler : handlers[index]) {
            live.join(handler, now);
        }
    }
}
