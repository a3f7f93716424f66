package dev.ingot.agent.weave;

import dev.ingot.runtime.ClassSites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Tells at which calls of a compiled method handle a thread can be captured: where calling the handle again with the same
 * arguments leads to the same call and repeats nothing, or where nothing is left to do after the call.
 *
 * <p>The first is so if the method has no loop, does not catch the signal, and makes no call before that could run code of the
 * program. A guard, which is a call whose answer is taken for a boolean, is asked again: guards look at their arguments only.
 */
public final class ForwarderScan {
    private static final String METHOD_HANDLE = "java/lang/invoke/MethodHandle";
    private static final String INVOKE_PACKAGE = "java/lang/invoke/";
    private static final String WRAPPER_CONVERSIONS = "sun/invoke/util/ValueConversions";

    private ForwarderScan() {}

    /** The calls of each method of {@code classFile} under which a thread can be captured. */
    public static ClassSites of(byte[] classFile) {
        List<MethodScan> scans = scan(classFile);
        Map<String, Map<Integer, String>> targets = savesAny(scans) ? HandleTargets.of(classFile) : Map.of();
        ClassSites.MethodSites[] methods = new ClassSites.MethodSites[scans.size()];
        for (int index = 0; index < methods.length; index++) {
            MethodScan scan = scans.get(index);
            methods[index] =
                    scan.sites(targets.getOrDefault(scan.method(), Map.of()).keySet());
        }
        return new ClassSites(methods);
    }

    /** Most handles save nothing, and their code need not be followed. */
    private static boolean savesAny(List<MethodScan> scans) {
        for (MethodScan scan : scans) {
            if (scan.saves()) {
                return true;
            }
        }
        return false;
    }

    /** The methods of {@code classFile} that have no loops. */
    static List<MethodScan> scan(byte[] classFile) {
        OffsetReader reader = new OffsetReader(classFile);
        Map<String, BitSet> tails = TailCalls.of(classFile);
        List<MethodScan> methods = new ArrayList<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        String method = name + descriptor;
                        return new MethodScan(method, reader, tails.getOrDefault(method, new BitSet()), methods);
                    }
                },
                ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
        return methods;
    }

    private static final class OffsetReader extends ClassReader {
        int offset;

        OffsetReader(byte[] classFile) {
            super(classFile);
        }

        @Override
        protected void readBytecodeInstructionOffset(int bytecodeOffset) {
            offset = bytecodeOffset;
        }
    }

    private record Range(Label start, Label end, boolean bySignal) {}

    /** A call, by its offset and its number among the method's calls. */
    private record Call(int offset, int number, boolean repeats, boolean isTail) {}

    /** Follows the code once from its beginning to its end, which without loops meets every jump before its target. */
    static final class MethodScan extends MethodVisitor {
        private static final int NO_GUARD = -1;
        /** Method handles know no booleans; where one is needed its lowest bit is taken: store, load, push 1, and. */
        private static final int[] GUARD = {Opcodes.ISTORE, Opcodes.ILOAD, Opcodes.ICONST_1, Opcodes.IAND};

        private final String method;
        private final OffsetReader reader;
        private final BitSet tails;
        private final List<MethodScan> methods;
        private final List<Call> calls = new ArrayList<>();
        private int callsSeen;
        private final List<Range> caught = new ArrayList<>();
        private final Map<Label, Integer> offsets = new HashMap<>();
        /** By jump target, whether all ways to it are repeatable. */
        private final Map<Label, Boolean> targets = new HashMap<>();

        private boolean reachable = true;
        /** Whether everything on the way here may be done again. */
        private boolean repeatable = true;

        private boolean loops;
        /** How many of the instructions were seen that take the result of the last call for a boolean. */
        private int guardSteps = NO_GUARD;

        MethodScan(String method, OffsetReader reader, BitSet tails, List<MethodScan> methods) {
            super(Opcodes.ASM9);
            this.method = method;
            this.reader = reader;
            this.tails = tails;
            this.methods = methods;
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, @Nullable String type) {
            caught.add(new Range(start, end, RuntimeNames.SIGNAL.equals(type)));
            targets.put(handler, false);
        }

        @Override
        public void visitLabel(Label label) {
            offsets.put(label, reader.offset);
            Boolean jumped = targets.get(label);
            if (jumped != null) {
                repeatable = jumped && (repeatable || !reachable);
                reachable = true;
            }
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            jumpsTo(label);
            reachable &= opcode != Opcodes.GOTO;
        }

        @Override
        public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... labels) {
            visitLookupSwitchInsn(otherwise, new int[0], labels);
        }

        @Override
        public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] labels) {
            jumpsTo(otherwise);
            for (Label label : labels) {
                jumpsTo(label);
            }
            reachable = false;
        }

        private void jumpsTo(Label label) {
            loops |= offsets.containsKey(label);
            targets.put(label, repeatable && !Boolean.FALSE.equals(targets.get(label)));
        }

        @Override
        public void visitVarInsn(int opcode, int local) {
            followGuard(opcode);
        }

        private void followGuard(int opcode) {
            if (guardSteps == NO_GUARD) {
                return;
            }
            guardSteps = opcode == GUARD[guardSteps] ? guardSteps + 1 : NO_GUARD;
            if (guardSteps == GUARD.length) {
                repeatable = true;
                guardSteps = NO_GUARD;
            }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            guardSteps = NO_GUARD;
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            guardSteps = NO_GUARD;
        }

        @Override
        public void visitInsn(int opcode) {
            followGuard(opcode);
            reachable &= !(opcode == Opcodes.ATHROW || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN));
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            int number = callsSeen++;
            boolean repeats = repeatable && reachable;
            if (repeats || tails.get(number)) {
                calls.add(new Call(reader.offset, number, repeats, tails.get(number)));
            }
            boolean mayBeGuard =
                    repeatable && isInvocation(owner, name) && Type.getReturnType(descriptor) == Type.INT_TYPE;
            guardSteps = mayBeGuard ? 0 : NO_GUARD;
            repeatable &= isRepeatable(owner, name);
        }

        private static boolean isRepeatable(String owner, String name) {
            return (owner.startsWith(INVOKE_PACKAGE) && !isInvocation(owner, name))
                    || owner.equals(WRAPPER_CONVERSIONS)
                    || (owner.equals("java/lang/Class") && name.equals("cast"))
                    || isBoxing(owner, name);
        }

        private static boolean isInvocation(String owner, String name) {
            return owner.equals(METHOD_HANDLE) && (name.startsWith("invoke") || name.startsWith("linkTo"));
        }

        private static boolean isBoxing(String owner, String name) {
            return owner.startsWith("java/lang/") && (name.equals("valueOf") || name.endsWith("Value"));
        }

        @Override
        public void visitEnd() {
            if (!loops) {
                methods.add(this);
            }
        }

        /** Name and descriptor. */
        String method() {
            return method;
        }

        /** Among the calls of the method, those that can be repeated with the handle, whose frame however cannot be left out. */
        BitSet repeatedOnly() {
            BitSet numbers = new BitSet();
            for (Call call : calls) {
                if (call.repeats && !call.isTail) {
                    numbers.set(call.number);
                }
            }
            return numbers;
        }

        /** Whether the signal is caught, which is done to save the handle. */
        private boolean saves() {
            for (Range range : caught) {
                if (range.bySignal) {
                    return true;
                }
            }
            return false;
        }

        /** @param held the numbers of the calls whose handle is known to lie in a field of this one */
        private ClassSites.MethodSites sites(Set<Integer> held) {
            int[] offsets = new int[calls.size()];
            int[] kinds = new int[calls.size()];
            int count = 0;
            for (Call call : calls) {
                boolean saves = isCaught(call.offset, true);
                if (saves || !isCaught(call.offset, false)) {
                    offsets[count] = call.offset;
                    kinds[count++] = kindOf(call, saves, held);
                }
            }
            return new ClassSites.MethodSites(
                    method,
                    Arrays.copyOf(offsets, count),
                    Arrays.copyOf(kinds, count),
                    new int[0],
                    0,
                    false,
                    false,
                    false,
                    null,
                    new int[0],
                    0);
        }

        private static int kindOf(Call call, boolean saves, Set<Integer> held) {
            if (call.isTail) {
                return call.repeats ? ClassSites.REPLAY_TAIL : ClassSites.TAIL;
            }
            if (!saves) {
                return ClassSites.REPLAY;
            }
            return held.contains(call.number) ? ClassSites.SAVED_WITH_TARGET : ClassSites.SAVED_REPLAY;
        }

        private boolean isCaught(int offset, boolean bySignal) {
            for (Range range : caught) {
                Integer start = offsets.get(range.start);
                Integer end = offsets.get(range.end);
                boolean within = start == null || end == null || (start <= offset && offset < end);
                if (within && range.bySignal == bySignal) {
                    return true;
                }
            }
            return false;
        }
    }
}
