package dev.ingot.agent.weave;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** How many slots an instruction leaves on the operand stack as its own result. */
final class StackEffect {
    private StackEffect() {}

    /** Slots pushed by {@code insn}; the instructions that only move stack values are not asked about. */
    static int pushed(AbstractInsnNode insn) {
        if (insn instanceof MethodInsnNode call) {
            return Type.getReturnType(call.desc).getSize();
        }
        if (insn instanceof InvokeDynamicInsnNode call) {
            return Type.getReturnType(call.desc).getSize();
        }
        if (insn instanceof FieldInsnNode field) {
            boolean reads = field.getOpcode() == Opcodes.GETFIELD || field.getOpcode() == Opcodes.GETSTATIC;
            return reads ? Type.getType(field.desc).getSize() : 0;
        }
        if (insn instanceof LdcInsnNode constant) {
            return sizeOf(constant.cst);
        }
        return pushedByOpcode(insn.getOpcode());
    }

    static boolean isConstant(AbstractInsnNode insn) {
        int opcode = insn.getOpcode();
        return (opcode >= Opcodes.ACONST_NULL && opcode <= Opcodes.SIPUSH)
                || (insn instanceof LdcInsnNode constant
                        && !(constant.cst instanceof org.objectweb.asm.ConstantDynamic));
    }

    /** Whether {@code insn} only duplicates or exchanges values on the stack. */
    static boolean moves(int opcode) {
        return opcode >= Opcodes.DUP && opcode <= Opcodes.SWAP;
    }

    private static int sizeOf(Object constant) {
        if (constant instanceof org.objectweb.asm.ConstantDynamic dynamic) {
            return dynamic.getSize();
        }
        return constant instanceof Long || constant instanceof Double ? 2 : 1;
    }

    private static int pushedByOpcode(int opcode) {
        return switch (opcode) {
            case Opcodes.LCONST_0,
                    Opcodes.LCONST_1,
                    Opcodes.DCONST_0,
                    Opcodes.DCONST_1,
                    Opcodes.LLOAD,
                    Opcodes.DLOAD,
                    Opcodes.LALOAD,
                    Opcodes.DALOAD,
                    Opcodes.LADD,
                    Opcodes.LSUB,
                    Opcodes.LMUL,
                    Opcodes.LDIV,
                    Opcodes.LREM,
                    Opcodes.LNEG,
                    Opcodes.DADD,
                    Opcodes.DSUB,
                    Opcodes.DMUL,
                    Opcodes.DDIV,
                    Opcodes.DREM,
                    Opcodes.DNEG,
                    Opcodes.LSHL,
                    Opcodes.LSHR,
                    Opcodes.LUSHR,
                    Opcodes.LAND,
                    Opcodes.LOR,
                    Opcodes.LXOR,
                    Opcodes.I2L,
                    Opcodes.I2D,
                    Opcodes.F2L,
                    Opcodes.F2D,
                    Opcodes.D2L,
                    Opcodes.L2D -> 2;
            case Opcodes.NOP,
                    Opcodes.POP,
                    Opcodes.POP2,
                    Opcodes.IINC,
                    Opcodes.GOTO,
                    Opcodes.RET,
                    Opcodes.RETURN,
                    Opcodes.IRETURN,
                    Opcodes.LRETURN,
                    Opcodes.FRETURN,
                    Opcodes.DRETURN,
                    Opcodes.ARETURN,
                    Opcodes.ATHROW,
                    Opcodes.MONITORENTER,
                    Opcodes.MONITOREXIT,
                    Opcodes.TABLESWITCH,
                    Opcodes.LOOKUPSWITCH,
                    Opcodes.IFNULL,
                    Opcodes.IFNONNULL -> 0;
            default -> isStoreOrBranch(opcode) ? 0 : 1;
        };
    }

    private static boolean isStoreOrBranch(int opcode) {
        return (opcode >= Opcodes.ISTORE && opcode <= Opcodes.SASTORE)
                || (opcode >= Opcodes.IFEQ && opcode <= Opcodes.IF_ACMPNE);
    }
}
