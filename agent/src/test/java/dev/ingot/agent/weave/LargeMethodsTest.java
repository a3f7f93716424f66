package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Large methods get all their capture code, or as much of it as a class file can hold. */
class LargeMethodsTest {
    private static final int STATEMENTS = 2;
    private static final String SIGNAL = "dev/ingot/runtime/CaptureSignal";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsAllItsSitesAndTellsThatItWouldNoLongerBeCompiled(boolean resumable) {
        byte[] classFile = LargeMethod.classFile(LargeMethod.SMALL_ENOUGH_TO_COMPILE);
        assertThat(CodeSize.of(methodOf(classFile))).isLessThan(CodeSize.HOTSPOT_COMPILE_LIMIT);

        WovenClass woven = woven(classFile, resumable);

        assertThat(woven.outgrown()).isTrue();
        assertThat(CodeSize.of(methodOf(woven.bytes()))).isGreaterThan(CodeSize.HOTSPOT_COMPILE_LIMIT);
        assertThat(callsUnderCapture(methodOf(woven.bytes())))
                .hasSize(LargeMethod.SMALL_ENOUGH_TO_COMPILE + STATEMENTS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsItsSitesWithAnEmptyOperandStackIfAClassFileCannotHoldMore(boolean resumable) {
        WovenClass woven = woven(LargeMethod.classFile(LargeMethod.NEARLY_A_CLASS_FILE), resumable);

        assertThat(callsUnderCapture(methodOf(woven.bytes())))
                .extracting(call -> call.name)
                .containsExactly("work", "work");
        assertThat(woven.outgrown())
                .as("it was too large to be compiled before")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keepsAllItsSitesIfOnlyWhatNothingUsesAnyMoreIsTooMuch(boolean resumable) {
        MethodNode woven =
                methodOf(woven(ValuesLeft.classFile(), resumable, ValuesLeft.GO).bytes(), ValuesLeft.GO);

        assertThat(callsUnderCapture(woven, ValuesLeft.NAME)).hasSize(ValuesLeft.CALLS * ValuesLeft.STATEMENTS);
        assertThat(woven.maxStack).isLessThan(10);
    }

    /** The calls of the program among the instructions that a handler for the signal covers. */
    private static List<MethodInsnNode> callsUnderCapture(MethodNode method) {
        return callsUnderCapture(method, LargeMethod.NAME);
    }

    private static List<MethodInsnNode> callsUnderCapture(MethodNode method, String program) {
        List<MethodInsnNode> calls = new ArrayList<>();
        for (TryCatchBlockNode range : method.tryCatchBlocks) {
            if (range.type != null && range.type.equals(SIGNAL)) {
                calls.addAll(callsIn(range, program));
            }
        }
        return calls;
    }

    private static List<MethodInsnNode> callsIn(TryCatchBlockNode range, String program) {
        List<MethodInsnNode> calls = new ArrayList<>();
        for (AbstractInsnNode insn = range.start;
                insn != range.end;
                insn = requireNonNull(insn).getNext()) {
            if (insn instanceof MethodInsnNode call && program.equals(call.owner.replace('/', '.'))) {
                calls.add(call);
            }
        }
        return calls;
    }

    private static WovenClass woven(byte[] classFile, boolean resumable) {
        return woven(classFile, resumable, LargeMethod.GO);
    }

    private static WovenClass woven(byte[] classFile, boolean resumable, String method) {
        Set<String> methods = resumable ? Set.of(method) : Set.of();
        WeaveRequest request = new WeaveRequest(false, false, false, methods);
        return requireNonNull(new Weaver(LargeMethodsTest::noOldClasses).weave(classFile, request));
    }

    private static MethodNode methodOf(byte[] classFile) {
        return methodOf(classFile, LargeMethod.GO);
    }

    private static MethodNode methodOf(byte[] classFile, String wanted) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        return node.methods.stream()
                .filter(method -> (method.name + method.desc).equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    private static String noOldClasses(String first, String second) {
        throw new AssertionError("the sample has stack map frames: " + first + ", " + second);
    }
}
