package dev.ingot.agent.weave;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;

/** In which of its fields a compiled method handle has the handle that a call of it invokes. */
final class HandleTargets {
    private static final String BOUND_HANDLE = "java/lang/invoke/BoundMethodHandle$Species_";
    private static final String METHOD_HANDLE = "java/lang/invoke/MethodHandle";

    private HandleTargets() {}

    /** By name and descriptor of the methods, and by number among all calls of the method, the names of these fields. */
    static Map<String, Map<Integer, String>> of(byte[] classFile) {
        ClassNode type = new ClassNode();
        new ClassReader(classFile).accept(type, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
        Map<String, Map<Integer, String>> fields = new HashMap<>();
        for (MethodNode method : type.methods) {
            fields.put(method.name + method.desc, of(type.name, method));
        }
        return fields;
    }

    /** By number among all calls of {@code method}, the names of the fields. */
    static Map<Integer, String> of(String owner, MethodNode method) {
        Map<AbstractInsnNode, String> invoked = new HashMap<>();
        try {
            new Analyzer<>(new FieldTracker(invoked)).analyze(owner, method);
        } catch (AnalyzerException e) {
            throw new IllegalArgumentException("the code of " + owner + '.' + method.name + " cannot be followed", e);
        }
        Map<Integer, String> byNumber = new HashMap<>();
        int number = 0;
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof MethodInsnNode) {
                String field = invoked.get(insn);
                if (field != null) {
                    byNumber.put(number, field);
                }
                number++;
            }
        }
        return byNumber;
    }

    /** The handle itself, or what one of its fields holds. */
    private static final class Tracked extends BasicValue {
        /** Null for the handle itself. */
        final @Nullable String field;

        Tracked(@Nullable String field) {
            super(Type.getObjectType("java/lang/Object"));
            this.field = field;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Tracked tracked && Objects.equals(field, tracked.field);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(field);
        }
    }

    private static final class FieldTracker extends BasicInterpreter {
        private static final Tracked SELF = new Tracked(null);

        private final Map<AbstractInsnNode, String> invoked;

        FieldTracker(Map<AbstractInsnNode, String> invoked) {
            super(Opcodes.ASM9);
            this.invoked = invoked;
        }

        @Override
        public BasicValue newParameterValue(boolean isInstanceMethod, int local, Type type) {
            return local == 0 ? SELF : super.newParameterValue(isInstanceMethod, local, type);
        }

        /** Code that was compiled for one handle puts that as a constant to where it is given. */
        @Override
        public BasicValue copyOperation(AbstractInsnNode insn, BasicValue value) {
            return insn.getOpcode() == Opcodes.ASTORE && ((VarInsnNode) insn).var == 0 ? SELF : value;
        }

        @Override
        public @Nullable BasicValue unaryOperation(AbstractInsnNode insn, BasicValue value) throws AnalyzerException {
            if (insn.getOpcode() == Opcodes.CHECKCAST && value instanceof Tracked) {
                return value;
            }
            if (insn.getOpcode() == Opcodes.GETFIELD && SELF.equals(value)) {
                FieldInsnNode read = (FieldInsnNode) insn;
                if (read.owner.startsWith(BOUND_HANDLE)) {
                    return new Tracked(read.name);
                }
            }
            return super.unaryOperation(insn, value);
        }

        @Override
        public @Nullable BasicValue naryOperation(AbstractInsnNode insn, List<? extends BasicValue> values)
                throws AnalyzerException {
            if (insn instanceof MethodInsnNode call
                    && call.owner.equals(METHOD_HANDLE)
                    && call.name.equals("invokeBasic")
                    && values.get(0) instanceof Tracked target
                    && target.field != null) {
                invoked.put(insn, target.field);
            }
            return super.naryOperation(insn, values);
        }

        @Override
        public BasicValue merge(BasicValue one, BasicValue other) {
            return one.equals(other) ? one : BasicValue.UNINITIALIZED_VALUE;
        }
    }
}
