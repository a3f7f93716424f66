package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;

/** Which monitors are held is known in what compilers make of a synchronized block. */
class ControlFlowTest {
    private static final int OUTER = 2;
    private static final int INNER = 3;

    private final MethodNode method =
            new MethodNode(Opcodes.ACC_STATIC, "go", "(Ljava/lang/Object;Ljava/lang/Object;)V", null, null);

    /** As Kotlin's compiler has it for a return out of both: the inner monitor is left among what the outer handler guards. */
    @Test
    void monitors_leftWhereTheHandlerOfTheOuterOneGuards() throws RefusedException {
        Label outerBody = new Label();
        Label innerBody = new Label();
        Label innerBodyEnd = new Label();
        Label outerBodyEnd = new Label();
        Label innerHandler = new Label();
        Label outerHandler = new Label();
        method.visitTryCatchBlock(innerBody, innerBodyEnd, innerHandler, null);
        method.visitTryCatchBlock(outerBody, outerBodyEnd, outerHandler, null);
        enter(0, OUTER);
        method.visitLabel(outerBody);
        call();
        enter(1, INNER);
        method.visitLabel(innerBody);
        call();
        method.visitLabel(innerBodyEnd);
        leave(INNER);
        method.visitLabel(outerBodyEnd);
        leave(OUTER);
        method.visitInsn(Opcodes.RETURN);
        handler(innerHandler, INNER);
        handler(outerHandler, OUTER);

        assertThat(heldAt(innerHandler)).isEqualTo(2);
        assertThat(heldAt(outerHandler)).isEqualTo(1);
    }

    /** Old compilers guard also the return that follows. */
    @Test
    void monitors_leftBeforeAGuardedReturn() throws RefusedException {
        assertHeldWhereHandled(this::call);
    }

    @Test
    void monitors_heldAroundNothing() throws RefusedException {
        assertHeldWhereHandled(() -> {});
    }

    /** The handler guards the return, too. */
    private void assertHeldWhereHandled(Runnable guarded) throws RefusedException {
        Label body = new Label();
        Label handler = new Label();
        method.visitTryCatchBlock(body, handler, handler, null);
        enter(0, OUTER);
        method.visitLabel(body);
        guarded.run();
        leave(OUTER);
        method.visitInsn(Opcodes.RETURN);
        handler(handler, OUTER);

        assertThat(heldAt(handler)).isEqualTo(1);
    }

    @Test
    void monitors_leftOrNotWhereACallThrows() {
        Label body = new Label();
        Label handler = new Label();
        method.visitTryCatchBlock(body, handler, handler, null);
        enter(0, OUTER);
        method.visitLabel(body);
        call();
        leave(OUTER);
        call();
        method.visitInsn(Opcodes.RETURN);
        handler(handler, OUTER);

        assertThatThrownBy(() -> heldAt(handler)).isInstanceOf(RefusedException.class);
    }

    private void enter(int argument, int local) {
        method.visitVarInsn(Opcodes.ALOAD, argument);
        method.visitVarInsn(Opcodes.ASTORE, local);
        method.visitVarInsn(Opcodes.ALOAD, local);
        method.visitInsn(Opcodes.MONITORENTER);
    }

    private void leave(int local) {
        method.visitVarInsn(Opcodes.ALOAD, local);
        method.visitInsn(Opcodes.MONITOREXIT);
    }

    private void call() {
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "sample/Other", "call", "()V", false);
    }

    private void handler(Label label, int local) {
        method.visitLabel(label);
        method.visitVarInsn(Opcodes.ASTORE, 4);
        leave(local);
        method.visitVarInsn(Opcodes.ALOAD, 4);
        method.visitInsn(Opcodes.ATHROW);
    }

    private int heldAt(Label label) throws RefusedException {
        int index = method.instructions.indexOf((LabelNode) label.info);
        return Objects.requireNonNull(new ControlFlow(method).monitors()[index]).depth();
    }
}
