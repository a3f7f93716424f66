package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Moves the creation of an object behind the evaluation of its constructor's arguments where a capture can happen among
 * them, because an object without a constructor run can be neither saved nor made again at another instruction.
 *
 * <p>The {@code new} becomes a null that all copies, on the stack and in locals, follow; before the constructor call the copies
 * are exchanged for the object. Each copy is found by its verification type, which names the {@code new}. The class's
 * initialiser then runs after the arguments instead of before, unless the relocation is undone.
 */
final class UninitializedObjects {
    private final String owner;
    private final MethodNode method;
    private final Map<Label, TypeInsnNode> creations = new HashMap<>();
    private final Set<Label> crossed = new HashSet<>();
    private final Map<Label, InsnNode> placeholders = new HashMap<>();
    private final Relocations relocations = new Relocations();
    private final List<ConstructorCall> constructions = new ArrayList<>();

    private record ConstructorCall(MethodInsnNode call, Label created, List<Object> locals, List<Object> stack) {}

    private UninitializedObjects(String owner, MethodNode method) {
        this.owner = owner;
        this.method = method;
    }

    /**
     * Relocates what must be.
     *
     * @param mayCapture tells the instructions under which a capture can happen
     * @return what was done
     */
    static Relocations relocate(String owner, MethodNode method, Sites mayCapture) {
        if (!createsObjects(method)) {
            return new Relocations();
        }
        UninitializedObjects objects = new UninitializedObjects(owner, method);
        objects.run(mayCapture);
        return objects.relocations;
    }

    /** Tells at which instructions a capture can happen. */
    interface Sites {
        boolean at(AbstractInsnNode insn);
    }

    private static boolean createsObjects(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn.getOpcode() == Opcodes.NEW) {
                return true;
            }
        }
        return false;
    }

    private void run(Sites mayCapture) {
        labelCreations();
        findCrossed(mayCapture);
        for (ConstructorCall construction : constructions) {
            if (crossed.contains(construction.created)) {
                construct(construction);
            }
        }
        for (Map.Entry<Label, TypeInsnNode> creation : creations.entrySet()) {
            if (crossed.contains(creation.getKey())) {
                method.instructions.set(creation.getValue(), placeholderOf(creation.getKey()));
            }
        }
        forgetInFrames();
    }

    private void labelCreations() {
        for (AbstractInsnNode insn : method.instructions.toArray()) {
            if (insn.getOpcode() == Opcodes.NEW) {
                AbstractInsnNode before = insn.getPrevious();
                while (before instanceof LineNumberNode || before instanceof FrameNode) {
                    before = before.getPrevious();
                }
                LabelNode label;
                if (before instanceof LabelNode present) {
                    label = firstOfGroup(present);
                } else {
                    label = new LabelNode();
                    method.instructions.insertBefore(insn, label);
                }
                creations.put(label.getLabel(), (TypeInsnNode) insn);
            }
        }
    }

    /** The tracker names an object by the first of the labels that stand together before its {@code new}. */
    private static LabelNode firstOfGroup(LabelNode label) {
        LabelNode first = label;
        for (AbstractInsnNode insn = label.getPrevious();
                insn instanceof LabelNode || insn instanceof LineNumberNode || insn instanceof FrameNode;
                insn = insn.getPrevious()) {
            if (insn instanceof LabelNode earlier) {
                first = earlier;
            }
        }
        return first;
    }

    private void findCrossed(Sites mayCapture) {
        TypeTracker types = new TypeTracker(owner, method.access, method.name, method.desc);
        for (AbstractInsnNode insn : method.instructions) {
            if (types.reachable() && insn.getOpcode() >= 0) {
                Label constructed = null;
                if (insn instanceof MethodInsnNode call && call.name.equals("<init>")) {
                    constructed = addConstruction(call, types);
                }
                if (mayCapture.at(insn)) {
                    addUninitialized(types.localTypes(), constructed);
                    addUninitialized(types.stackTypes(), constructed);
                    if (constructed != null
                            && !Construction.repeats(requireNonNull(creations.get(constructed)), insn)) {
                        crossed.add(constructed);
                    }
                }
            }
            insn.accept(types);
        }
    }

    private void addUninitialized(List<Object> types, @Nullable Label except) {
        for (Object type : types) {
            if (type instanceof Label label && label != except) {
                crossed.add(label);
            }
        }
    }

    private @Nullable Label addConstruction(MethodInsnNode call, TypeTracker types) {
        List<Object> stack = types.stackTypes();
        int receiver = stack.size() - (Type.getArgumentsAndReturnSizes(call.desc) >> 2);
        if (stack.get(receiver) instanceof Label created) {
            constructions.add(new ConstructorCall(call, created, types.localTypes(), stack));
            return created;
        }
        return null;
    }

    private void construct(ConstructorCall construction) {
        InsnList code = new InsnList();
        Type[] arguments = Type.getArgumentTypes(construction.call.desc);
        int[] argumentLocals = storeArguments(code, arguments);
        code.add(new InsnNode(Opcodes.POP));
        List<Object> stack = construction.stack;
        int receiver = stack.size() - (Type.getArgumentsAndReturnSizes(construction.call.desc) >> 2);
        int lowest = lowestCopy(construction, receiver);
        int[] spilled = spill(code, stack, lowest, receiver, construction.created);
        TypeInsnNode creation = requireNonNull(creations.get(construction.created));
        TypeInsnNode moved = new TypeInsnNode(Opcodes.NEW, creation.desc);
        code.add(moved);
        int object = newLocal(1);
        VarInsnNode store = new VarInsnNode(Opcodes.ASTORE, object);
        code.add(store);
        relocations.add(placeholderOf(construction.created), moved, store);
        unspill(code, stack, lowest, receiver, construction.created, spilled, object);
        for (int local = 0; local < construction.locals.size(); local++) {
            if (construction.locals.get(local) == construction.created) {
                code.add(new VarInsnNode(Opcodes.ALOAD, object));
                code.add(new VarInsnNode(Opcodes.ASTORE, local));
            }
        }
        code.add(new VarInsnNode(Opcodes.ALOAD, object));
        for (int i = 0; i < arguments.length; i++) {
            code.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ILOAD), argumentLocals[i]));
        }
        method.instructions.insertBefore(construction.call, code);
    }

    private InsnNode placeholderOf(Label created) {
        return placeholders.computeIfAbsent(created, unused -> new InsnNode(Opcodes.ACONST_NULL));
    }

    private int[] storeArguments(InsnList code, Type[] arguments) {
        int[] locals = new int[arguments.length];
        for (int i = arguments.length - 1; i >= 0; i--) {
            locals[i] = newLocal(arguments[i].getSize());
            code.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ISTORE), locals[i]));
        }
        return locals;
    }

    private static int lowestCopy(ConstructorCall construction, int receiver) {
        for (int slot = 0; slot < receiver; slot++) {
            if (construction.stack.get(slot) == construction.created) {
                return slot;
            }
        }
        return receiver;
    }

    private int[] spill(InsnList code, List<Object> stack, int lowest, int receiver, Label created) {
        int[] locals = new int[stack.size()];
        for (int slot = receiver - 1; slot >= lowest; slot--) {
            Object type = stack.get(slot);
            if (type == Opcodes.TOP) {
                continue;
            }
            if (type == created) {
                code.add(new InsnNode(Opcodes.POP));
            } else {
                char sort = SavedLocal.sortOf(type);
                locals[slot] = newLocal(SavedLocal.sizeOf(sort));
                code.add(new VarInsnNode(SavedLocal.typeOf(sort).getOpcode(Opcodes.ISTORE), locals[slot]));
            }
        }
        return locals;
    }

    private static void unspill(
            InsnList code, List<Object> stack, int lowest, int receiver, Label created, int[] spilled, int object) {
        for (int slot = lowest; slot < receiver; slot++) {
            Object type = stack.get(slot);
            if (type == Opcodes.TOP) {
                continue;
            }
            if (type == created) {
                code.add(new VarInsnNode(Opcodes.ALOAD, object));
            } else {
                char sort = SavedLocal.sortOf(type);
                code.add(new VarInsnNode(SavedLocal.typeOf(sort).getOpcode(Opcodes.ILOAD), spilled[slot]));
            }
        }
    }

    private int newLocal(int size) {
        int local = method.maxLocals;
        method.maxLocals += size;
        return local;
    }

    private void forgetInFrames() {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof FrameNode frame) {
                forget(frame.local);
                forget(frame.stack);
            }
        }
    }

    private void forget(List<Object> types) {
        if (types == null) {
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof LabelNode label && crossed.contains(canonical(label))) {
                types.set(i, Opcodes.NULL);
            }
        }
    }

    private static Label canonical(LabelNode label) {
        return firstOfGroup(label).getLabel();
    }
}
