package dev.ingot.agent.weave;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A place in a method where a capture can happen.
 *
 * @param kind what stands there
 * @param instruction the call; for a poll the instruction before which it goes
 * @param start the instruction at which the site is re-entered and before which its locals and stack are as given: the
 *     {@code new} of a construction, otherwise {@code instruction}
 * @param locals verification types by local index, as ASM's frames have them, with {@code TOP} after long and double
 * @param stack verification types of the operand stack by slot, arguments included
 * @param kept number of stack slots that must be saved: all but the arguments, or all
 * @param sources for each kept value where it can be had again, bottom first
 * @param saved the locals to be saved, ascending
 * @param monitors the instructions that entered the monitors the frame holds, outermost first
 * @param needsArguments at a delegation whether the frame goes on rightly only with the arguments that its method was called with
 */
record Site(
        Kind kind,
        AbstractInsnNode instruction,
        AbstractInsnNode start,
        List<Object> locals,
        List<Object> stack,
        int kept,
        List<StackSource> sources,
        List<SavedLocal> saved,
        List<AbstractInsnNode> monitors,
        boolean needsArguments) {

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
        REPLAY,
        /** A new object's constructor, repeated on another new object, of which only the constructor under way has a use. */
        CONSTRUCTION,
        /** As {@code CONSTRUCTION}, with the object dropped by the program when it is made. */
        DROPPED_CONSTRUCTION,
        /**
         * A constructor's call of another one on the same object. Nothing is saved: the frame is re-entered by its caller with
         * the arguments it had, and does again what it did before the call.
         */
        DELEGATION,
        /** As {@code DELEGATION}, behind what cannot be done again: the call is repeated with default arguments at once. */
        BARE_DELEGATION;

        boolean delegates() {
            return this == DELEGATION || this == BARE_DELEGATION;
        }

        /** Whether the call makes a new object. */
        boolean constructs() {
            return this == CONSTRUCTION || this == DROPPED_CONSTRUCTION;
        }

        boolean isPoll() {
            return this == ENTRY_POLL || this == LOOP_POLL || this == MONITOR_POLL;
        }
    }

    /** The JVM takes one more; the program's bootstrap method becomes one. */
    private static final int MOST_BOOTSTRAP_ARGUMENTS = 250;

    /** Whether a method handle or a call site of the program is called, which can be led past frames left out. */
    boolean callsHandle() {
        if (kind != Kind.REPLAY) {
            return false;
        }
        return instruction instanceof InvokeDynamicInsnNode callSite
                ? callSite.bsmArgs.length <= MOST_BOOTSTRAP_ARGUMENTS
                : instruction instanceof MethodInsnNode call && call.owner.equals("java/lang/invoke/MethodHandle");
    }

    /** Whether no constructor of the superclass has run yet on the object that the method constructs. */
    boolean precedesConstructor() {
        return precedesConstructor(locals);
    }

    /** As {@link #precedesConstructor()}, where the locals are of these types. */
    static boolean precedesConstructor(List<Object> locals) {
        return !locals.isEmpty() && locals.get(0) == Opcodes.UNINITIALIZED_THIS;
    }

    /** The number of monitors to leave when the frame unwinds. */
    int monitorsToLeave() {
        return monitors.size() + (kind == Kind.MONITOR_POLL ? 1 : 0);
    }
}
