package dev.ingot.agent.weave;

import dev.ingot.runtime.PinReason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What a constructor does before it has called another one, while its object can neither be saved nor shared: it computes
 * arguments and may set fields of its own, as compilers do for the outer instance and captured variables of an inner class.
 * Empty for every other method.
 */
final class Prologue {
    /** Of a method that is no constructor. */
    static final Prologue NONE = new Prologue();

    /**
     * A field set before the other constructor is called.
     *
     * @param store the instruction that sets it
     * @param value the instruction that pushes its value: a parameter that never changes, or a constant
     */
    record EarlyField(FieldInsnNode store, AbstractInsnNode value) {}

    private final List<EarlyField> fields = new ArrayList<>();
    private final Set<AbstractInsnNode> calls = new HashSet<>();
    private boolean unusual;
    private @Nullable AbstractInsnNode forgetsFieldsFrom;
    private boolean repeatable = true;
    private boolean ignoresArguments = true;
    private @Nullable MethodInsnNode call;

    private Prologue() {}

    /**
     * Looks at a method.
     *
     * @throws RefusedException if it is a constructor that handles its object in a way in which compilers do not
     */
    static Prologue of(String owner, MethodNode method) throws RefusedException {
        if (!method.name.equals("<init>")) {
            return NONE;
        }
        Prologue prologue = new Prologue();
        prologue.read(owner, method);
        if (prologue.unusual) {
            throw new RefusedException(PinReason.CONSTRUCTOR);
        }
        return prologue;
    }

    /** The first constructor that the constructor {@code method} calls on its object; null if it calls none. */
    static @Nullable MethodInsnNode callIn(String owner, MethodNode method) {
        Prologue prologue = new Prologue();
        prologue.read(owner, method);
        return prologue.call;
    }

    List<EarlyField> fields() {
        return fields;
    }

    /**
     * The instruction behind which, until the other constructor is called, a field may have been set to what is not known any more when
     * the frame is rebuilt; null if there is none.
     */
    @Nullable AbstractInsnNode forgetsFieldsFrom() {
        return forgetsFieldsFrom;
    }

    /** Whether {@code insn} calls another constructor of the class, or one of its superclass, on the object. */
    boolean endsAt(AbstractInsnNode insn) {
        return calls.contains(insn);
    }

    /**
     * Whether all that happens before may happen again when the constructor is called with the same arguments. No exception
     * handler can save a frame from within such a call: the JVM would have to let it see an object that is and is not
     * initialised.
     */
    boolean isRepeatable() {
        return repeatable;
    }

    /** Whether all that happens before also happens with whatever arguments. */
    boolean ignoresArguments() {
        return ignoresArguments && fields.isEmpty();
    }

    /** The first such call; null if there is none. */
    @Nullable MethodInsnNode call() {
        return call;
    }

    private void read(String owner, MethodNode method) {
        TypeTracker types = new TypeTracker(owner, method.access, method.name, method.desc);
        boolean straight = true;
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof FrameNode frame) {
                straight = false;
                unusual |= frame.local.isEmpty() || frame.local.get(0) == Opcodes.TOP;
            }
            if (types.reachable() && insn.getOpcode() >= 0) {
                unusual |= !holdsOneCopy(types.localTypes());
                if (types.localTypes().indexOf(Opcodes.UNINITIALIZED_THIS) == 0) {
                    repeatable &= isRepeatable(insn, method, straight);
                    ignoresArguments &= !(insn instanceof JumpInsnNode) && !mayThrow(insn.getOpcode());
                }
                readInstruction(insn, method, types.stackTypes(), straight);
            }
            insn.accept(types);
        }
    }

    private static boolean isRepeatable(AbstractInsnNode insn, MethodNode method, boolean straight) {
        if (insn instanceof JumpInsnNode jump) {
            return method.instructions.indexOf(jump.label) > method.instructions.indexOf(insn);
        }
        return switch (insn.getOpcode()) {
            case Opcodes.INVOKESPECIAL -> ((MethodInsnNode) insn).name.equals("<init>");
            // Its value and place are looked at elsewhere.
            case Opcodes.PUTFIELD -> straight;
            case Opcodes.CHECKCAST, Opcodes.INSTANCEOF, Opcodes.ARRAYLENGTH, Opcodes.IINC -> true;
            default ->
                insn instanceof VarInsnNode || StackEffect.moves(insn.getOpcode()) || Construction.computes(insn);
        };
    }

    /** Of the instructions that may be repeated. */
    private static boolean mayThrow(int opcode) {
        return switch (opcode) {
            case Opcodes.ARRAYLENGTH, Opcodes.IDIV, Opcodes.LDIV, Opcodes.IREM, Opcodes.LREM, Opcodes.CHECKCAST -> true;
            default -> false;
        };
    }

    private static boolean holdsOneCopy(List<Object> locals) {
        return locals.lastIndexOf(Opcodes.UNINITIALIZED_THIS) <= 0;
    }

    private void readInstruction(AbstractInsnNode insn, MethodNode method, List<Object> stack, boolean straight) {
        if (insn instanceof MethodInsnNode called && called.name.equals("<init>")) {
            int receiver = stack.size() - (Type.getArgumentsAndReturnSizes(called.desc) >> 2);
            if (stack.get(receiver) == Opcodes.UNINITIALIZED_THIS) {
                addCall(called, stack.subList(0, receiver));
            }
        } else if (insn instanceof FieldInsnNode store && insn.getOpcode() == Opcodes.PUTFIELD) {
            int receiver = stack.size() - 1 - Type.getType(store.desc).getSize();
            if (stack.get(receiver) == Opcodes.UNINITIALIZED_THIS) {
                addField(store, method, straight);
            }
        } else if (insn instanceof VarInsnNode store && store.var == 0 && store.getOpcode() >= Opcodes.ISTORE) {
            unusual = true;
        }
    }

    private void addCall(MethodInsnNode called, List<Object> below) {
        unusual |= below.contains(Opcodes.UNINITIALIZED_THIS);
        calls.add(called);
        if (call == null) {
            call = called;
        }
    }

    private void addField(FieldInsnNode store, MethodNode method, boolean straight) {
        AbstractInsnNode value = before(store);
        AbstractInsnNode object = value == null ? null : before(value);
        boolean plain = value != null
                && object instanceof VarInsnNode load
                && load.getOpcode() == Opcodes.ALOAD
                && load.var == 0
                && (StackEffect.isConstant(value) || isUnchangedLocal(value, method));
        if (value != null && plain && straight) {
            fields.add(new EarlyField(store, value));
        } else if (!straight) {
            // A loop may have come by already.
            forgetsFieldsFrom = method.instructions.getFirst();
        } else if (forgetsFieldsFrom == null) {
            forgetsFieldsFrom = store;
        }
    }

    private static @Nullable AbstractInsnNode before(AbstractInsnNode insn) {
        AbstractInsnNode found = insn.getPrevious();
        while (found != null && found.getOpcode() < 0) {
            found = found.getPrevious();
        }
        return found;
    }

    private static boolean isUnchangedLocal(AbstractInsnNode value, MethodNode method) {
        if (!(value instanceof VarInsnNode load) || load.getOpcode() > Opcodes.ALOAD) {
            return false;
        }
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof VarInsnNode store
                    && store.getOpcode() >= Opcodes.ISTORE
                    && (store.var == load.var || store.var + 1 == load.var)) {
                return false;
            }
            if (insn instanceof org.objectweb.asm.tree.IincInsnNode increment && increment.var == load.var) {
                return false;
            }
        }
        return true;
    }
}
