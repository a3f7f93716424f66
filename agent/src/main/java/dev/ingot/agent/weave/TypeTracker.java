package dev.ingot.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;

/** Follows the verification types of locals and stack through a method whose stack map frames are expanded. */
final class TypeTracker extends AnalyzerAdapter {

    TypeTracker(String owner, int access, String name, String descriptor) {
        super(Opcodes.ASM9, owner, access, name, descriptor, null);
    }

    /** Whether the next instruction can be reached. */
    boolean reachable() {
        return locals != null;
    }

    List<Object> localTypes() {
        return copy(locals);
    }

    List<Object> stackTypes() {
        return copy(stack);
    }

    /** The type on top of the stack, which must not be empty. */
    Object top() {
        return stack.get(stack.size() - 1);
    }

    int height() {
        return stack == null ? 0 : stack.size();
    }

    private static List<Object> copy(@Nullable List<Object> types) {
        return types == null ? List.of() : new ArrayList<>(types);
    }
}
