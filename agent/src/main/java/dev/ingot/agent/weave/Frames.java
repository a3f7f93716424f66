package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;

/** Makes stack map frames, and adds the weaver's own locals to those that are there. */
final class Frames {
    private final String owner;
    private final int size;

    Frames(String owner, int size) {
        this.owner = owner;
        this.size = size;
    }

    /** A frame's locals by slot, all unset. */
    Object[] empty() {
        Object[] locals = new Object[size];
        Arrays.fill(locals, Opcodes.TOP);
        return locals;
    }

    Object[] of(List<Object> bySlot) {
        Object[] locals = empty();
        for (int i = 0; i < bySlot.size(); i++) {
            locals[i] = bySlot.get(i);
        }
        return locals;
    }

    /** The locals at the entry of a method. */
    Object[] initial(MethodNode method) {
        Object[] locals = empty();
        int next = 0;
        if ((method.access & Opcodes.ACC_STATIC) == 0) {
            locals[next++] = method.name.equals("<init>") ? Opcodes.UNINITIALIZED_THIS : owner;
        }
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            locals[next] = verificationType(argument);
            next += argument.getSize();
        }
        return locals;
    }

    static Object verificationType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }

    /** A frame with these locals by slot and this stack by slot. */
    static FrameNode node(Object[] locals, List<Object> stack) {
        List<Object> compactLocals = compact(Arrays.asList(locals));
        int last = compactLocals.size();
        while (last > 0 && compactLocals.get(last - 1) == Opcodes.TOP) {
            last--;
        }
        List<Object> compactStack = compact(stack);
        return new FrameNode(
                Opcodes.F_NEW,
                last,
                compactLocals.subList(0, last).toArray(),
                compactStack.size(),
                compactStack.toArray());
    }

    /** The locals of a frame the class file came with, by slot. */
    List<Object> localsOf(FrameNode frame) {
        Object[] locals = empty();
        int slot = 0;
        for (Object type : frame.local) {
            locals[slot] = type;
            slot += isWide(type) ? 2 : 1;
        }
        return Arrays.asList(locals);
    }

    /** Gives a frame the class file came with these locals by slot, and those of {@code additions} that are set. */
    void replaceLocals(FrameNode frame, List<Object> bySlot, Object[] additions) {
        Object[] locals = of(bySlot);
        for (int i = 0; i < size; i++) {
            if (additions[i] != Opcodes.TOP) {
                locals[i] = additions[i];
            }
        }
        frame.local = node(locals, List.of()).local;
    }

    private static List<Object> compact(List<Object> bySlot) {
        List<Object> compact = new ArrayList<>();
        for (int i = 0; i < bySlot.size(); i++) {
            compact.add(bySlot.get(i));
            if (isWide(bySlot.get(i)) && i + 1 < bySlot.size() && bySlot.get(i + 1) == Opcodes.TOP) {
                i++;
            }
        }
        return compact;
    }

    static boolean isWide(Object type) {
        return type == Opcodes.LONG || type == Opcodes.DOUBLE;
    }
}
