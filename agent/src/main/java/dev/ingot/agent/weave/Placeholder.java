package dev.ingot.agent.weave;

import dev.ingot.runtime.Superclasses;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Makes the constructors of a class able to run on a placeholder: the object on which a constructor is called again when a stack
 * is rebuilt. Its own object is exchanged for the placeholder, of which the program sees nothing, so the constructors of its
 * superclasses must have no effect: called on a placeholder they only call one another, up to one of the JDK's.
 */
final class Placeholder {
    private static final String STRING = "Ljava/lang/String;";

    private Placeholder() {}

    /** Gives a constructor the beginning it needs; {@code call} is that of another one on its object. */
    static void weave(String owner, MethodNode method, MethodInsnNode call) {
        LabelNode normal = new LabelNode();
        InsnList code = new InsnList();
        code.add(new InvokeDynamicInsnNode("rebuilding", "()I", RuntimeNames.REBUILDING));
        code.add(new JumpInsnNode(Opcodes.IFEQ, normal));
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.WOVEN, "makesPlaceholder", "()Z", false));
        code.add(new JumpInsnNode(Opcodes.IFEQ, normal));
        code.add(construct(call));
        code.add(new InsnNode(Opcodes.RETURN));
        code.add(normal);
        code.add(Frames.node(new Frames(owner, method.maxLocals).initial(method), List.of()));
        if (startsWithFrame(method)) {
            // Two stack map frames may not stand at one offset.
            code.add(new InsnNode(Opcodes.NOP));
        }
        method.instructions.insert(code);
    }

    private static boolean startsWithFrame(MethodNode method) {
        AbstractInsnNode insn = method.instructions.getFirst();
        while (insn != null && insn.getOpcode() < 0) {
            if (insn instanceof FrameNode) {
                return true;
            }
            insn = insn.getNext();
        }
        return false;
    }

    /** Calls on the object in the first local what {@code call} calls, or another constructor that has no effect. */
    static InsnList construct(MethodInsnNode call) {
        String descriptor = call.desc;
        if (JdkMethods.isJdk(call.owner)) {
            String harmless = Superclasses.constructorOf(call.owner);
            descriptor = harmless == null ? descriptor : harmless;
        }
        InsnList code = new InsnList();
        code.add(new VarInsnNode(Opcodes.ALOAD, 0));
        for (Type argument : Type.getArgumentTypes(descriptor)) {
            code.add(argument.getDescriptor().equals(STRING) ? emptyString() : zero(argument));
        }
        code.add(new MethodInsnNode(Opcodes.INVOKESPECIAL, call.owner, "<init>", descriptor, false));
        return code;
    }

    /**
     * Not by {@code ldc}: when HotSpot merges this constant with those of the class as it was, it may end up where only {@code ldc_w}
     * reaches it, and all code behind it is moved away from where its sites were noted.
     */
    private static MethodInsnNode emptyString() {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.WOVEN, "emptyString", "()" + STRING, false);
    }

    private static InsnNode zero(Type type) {
        return new InsnNode(
                switch (type.getSort()) {
                    case Type.LONG -> Opcodes.LCONST_0;
                    case Type.FLOAT -> Opcodes.FCONST_0;
                    case Type.DOUBLE -> Opcodes.DCONST_0;
                    case Type.OBJECT, Type.ARRAY -> Opcodes.ACONST_NULL;
                    default -> Opcodes.ICONST_0;
                });
    }
}
