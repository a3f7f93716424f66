package dev.ingot.agent.weave;

import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;

/**
 * A place in a method where a capture can happen.
 *
 * @param kind what stands there
 * @param instruction the call; for a poll the instruction before which it goes
 * @param locals verification types by local index, as ASM's frames have them, with {@code TOP} after long and double
 * @param stack verification types of the operand stack by slot, arguments included
 * @param kept number of stack slots that must be saved: all but the arguments, or all
 * @param sources for each kept value where it can be had again, bottom first
 * @param saved the locals to be saved, ascending
 * @param monitors the instructions that entered the monitors the frame holds, outermost first
 */
record Site(
        Kind kind,
        AbstractInsnNode instruction,
        List<Object> locals,
        List<Object> stack,
        int kept,
        List<StackSource> sources,
        List<SavedLocal> saved,
        List<AbstractInsnNode> monitors) {

    enum Kind {
        ENTRY_POLL,
        LOOP_POLL,
        /**
         * A poll right after a {@code monitorenter}, saved as if about to enter: the monitor may only be free because its
         * owner has unwound, and nothing of the program may run under it. The stack is the one before, without the object.
         */
        MONITOR_POLL,
        /** A call repeated with the receiver of its callee's frame and default arguments. */
        CALL,
        /** A call repeated with the arguments it had. */
        REPLAY;

        boolean isPoll() {
            return this == ENTRY_POLL || this == LOOP_POLL || this == MONITOR_POLL;
        }
    }

    /** The number of monitors to leave when the frame unwinds. */
    int monitorsToLeave() {
        return monitors.size() + (kind == Kind.MONITOR_POLL ? 1 : 0);
    }
}
