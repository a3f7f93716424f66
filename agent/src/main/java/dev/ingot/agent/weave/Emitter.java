package dev.ingot.agent.weave;

import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Appends small sequences of instructions to a method. */
final class Emitter {
    private final InsnList code;
    private final WeaverLocals locals;

    Emitter(InsnList code, WeaverLocals locals) {
        this.code = code;
        this.locals = locals;
    }

    static MethodInsnNode runtimeCall(String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.WOVEN, name, descriptor, false);
    }

    static VarInsnNode load(SavedLocal local) {
        return new VarInsnNode(local.loadOpcode(), local.index());
    }

    static VarInsnNode store(SavedLocal local) {
        return new VarInsnNode(local.storeOpcode(), local.index());
    }

    void call(String name, String descriptor) {
        code.add(runtimeCall(name, descriptor));
    }

    void add(int opcode) {
        code.add(new InsnNode(opcode));
    }

    void add(int opcode, int local) {
        code.add(new VarInsnNode(opcode, local));
    }

    void goTo(LabelNode label) {
        code.add(new JumpInsnNode(Opcodes.GOTO, label));
    }

    /** A place that is jumped to, with these locals and this stack by slot. */
    void label(LabelNode label, Object[] frameLocals, List<Object> stack) {
        code.add(label);
        code.add(Frames.node(frameLocals, stack));
    }

    /** A place that is never come to, for a switch to name. */
    void unreachable(LabelNode label, Object[] frameLocals) {
        label(label, frameLocals, List.of());
        add(Opcodes.ACONST_NULL);
        add(Opcodes.ATHROW);
    }

    void push(int value) {
        code.add(intPush(value));
    }

    /** The shortest instruction that pushes an int. */
    static AbstractInsnNode intPush(int value) {
        if (value >= -1 && value <= 5) {
            return new InsnNode(Opcodes.ICONST_0 + value);
        }
        if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            return new IntInsnNode(Opcodes.BIPUSH, value);
        }
        return value >= Short.MIN_VALUE && value <= Short.MAX_VALUE
                ? new IntInsnNode(Opcodes.SIPUSH, value)
                : new LdcInsnNode(value);
    }

    void noPending() {
        if (locals.hasPending()) {
            add(Opcodes.ICONST_0);
            add(Opcodes.ISTORE, locals.pending());
        }
    }

    void noConstructed() {
        if (locals.hasConstructed()) {
            add(Opcodes.ACONST_NULL);
            add(Opcodes.ASTORE, locals.constructed());
        }
    }

    void expectConstructor() {
        call("callee", "()Ljava/lang/Object;");
        add(Opcodes.ASTORE, locals.constructed());
    }

    /** Reads the saved value of a reference that is where it should be already. */
    void skip(SavedLocal saved) {
        call("restoreReference", "()" + SavedLocal.typeOf(saved.sort()).getDescriptor());
        add(Opcodes.POP);
    }

    void restore(SavedLocal saved, Object type) {
        String name = switch (saved.sort()) {
            case 'I' -> "restoreInt";
            case 'J' -> "restoreLong";
            case 'F' -> "restoreFloat";
            case 'D' -> "restoreDouble";
            default -> "restoreReference";
        };
        call(name, "()" + SavedLocal.typeOf(saved.sort()).getDescriptor());
        if (saved.sort() == 'A') {
            cast(type);
        }
        code.add(store(saved));
    }

    /** Gives every typed local that was not saved a value of its type; its old one is never read again. */
    void defaults(List<Object> types, List<SavedLocal> saved) {
        for (int local = locals.firstRestored(); local < types.size(); local++) {
            Object type = types.get(local);
            if (type == Opcodes.TOP || isAmong(saved, local)) {
                continue;
            }
            pushDefault(type);
            code.add(store(new SavedLocal(local, SavedLocal.sortOf(type))));
        }
    }

    private static boolean isAmong(List<SavedLocal> saved, int local) {
        for (SavedLocal candidate : saved) {
            if (candidate.index() == local) {
                return true;
            }
        }
        return false;
    }

    void pushDefault(Object type) {
        if (type == Opcodes.TOP) {
            return;
        }
        add(
                switch (SavedLocal.sortOf(type)) {
                    case 'I' -> Opcodes.ICONST_0;
                    case 'J' -> Opcodes.LCONST_0;
                    case 'F' -> Opcodes.FCONST_0;
                    case 'D' -> Opcodes.DCONST_0;
                    default -> Opcodes.ACONST_NULL;
                });
    }

    void cast(Object type) {
        if (type == Opcodes.NULL) {
            add(Opcodes.POP);
            add(Opcodes.ACONST_NULL);
        } else if (!type.equals("java/lang/Object")) {
            code.add(new TypeInsnNode(Opcodes.CHECKCAST, (String) type));
        }
    }

    void pushSource(StackSource source, Object type) {
        if (source instanceof StackSource.FromLocal local) {
            code.add(load(new SavedLocal(local.index(), local.sort())));
            if (local.sort() == 'A' && type != Opcodes.UNINITIALIZED_THIS) {
                cast(type);
            }
        } else if (source instanceof StackSource.FromConstant constant) {
            code.add(constant.push().clone(Map.of()));
        } else {
            add(Opcodes.ACONST_NULL);
        }
    }

    void popAll(List<Object> stack) {
        for (int slot = stack.size() - 1; slot >= 0; slot--) {
            if (stack.get(slot) != Opcodes.TOP) {
                add(Frames.isWide(stack.get(slot)) ? Opcodes.POP2 : Opcodes.POP);
            }
        }
    }
}
