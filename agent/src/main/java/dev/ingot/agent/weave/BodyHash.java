package dev.ingot.agent.weave;

import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A hash over a method's instructions and operands, by which a frame of an image recognises the method it belongs to. Where the
 * method names its own class, the name is left out: that of a dynamic proxy's differs from one JVM to the next. So is the number of the
 * body of a lambda, which only the class of that lambda calls.
 */
final class BodyHash {
    private static final String LAMBDA = "lambda$";

    private BodyHash() {}

    /** The hash of a method of the class with the internal name {@code owner}. */
    static int of(MethodNode method, String owner) {
        int hash = method.access & ~0xFFFF_0000;
        for (AbstractInsnNode insn : method.instructions) {
            if (insn.getOpcode() >= 0) {
                hash = 31 * hash + insn.getOpcode();
                hash = 31 * hash + operandHash(method, insn, owner);
            }
        }
        return hash;
    }

    private static int operandHash(MethodNode method, AbstractInsnNode insn, String owner) {
        if (insn instanceof VarInsnNode access) {
            return access.var;
        }
        if (insn instanceof MethodInsnNode call) {
            return (neutral(call.owner, owner) + withoutNumber(call.name) + call.desc).hashCode();
        }
        if (insn instanceof FieldInsnNode field) {
            return (neutral(field.owner, owner) + field.name + field.desc).hashCode();
        }
        if (insn instanceof TypeInsnNode type) {
            return neutral(type.desc, owner).hashCode();
        }
        if (insn instanceof LdcInsnNode constant) {
            return constant.cst.toString().hashCode();
        }
        if (insn instanceof JumpInsnNode jump) {
            return method.instructions.indexOf(jump.label);
        }
        if (insn instanceof IntInsnNode push) {
            return push.operand;
        }
        if (insn instanceof IincInsnNode increment) {
            return increment.var * 31 + increment.incr;
        }
        if (insn instanceof InvokeDynamicInsnNode call) {
            return (call.name + call.desc).hashCode();
        }
        return insn instanceof MultiANewArrayInsnNode array ? array.desc.hashCode() + array.dims : 0;
    }

    /** The name of a method, of the body of a lambda without the number that the compiler gave it. */
    static String withoutNumber(String method) {
        return method.startsWith(LAMBDA) ? method.substring(0, method.lastIndexOf('$') + 1) : method;
    }

    private static String neutral(String type, String owner) {
        return type.equals(owner) ? "" : type;
    }
}
