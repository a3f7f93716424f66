package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Scala's compiler has a synchronized block within an expression, where values wait on the stack that nothing else holds. */
class MonitorsTest {
    private static final String NAME = "sample/Monitors";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void areEnteredAboveOtherValues(boolean resumable) throws Exception {
        WeaveRequest request = new WeaveRequest(false, false, resumable, Set.of());
        WovenClass woven = new Weaver((first, second) -> "java/lang/Object").weave(classFile(), request);
        byte[] bytes = woven == null ? classFile() : woven.bytes();

        Class<?> type = new Loader(bytes).loadClass(NAME.replace('/', '.'));

        assertThat(woven).isNotNull();
        assertThat(type.getDeclaredMethod("go", Object.class).invoke(null, "lock"))
                .isEqualTo(14L);
    }

    private static byte[] classFile() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME, null, "java/lang/Object", null);
        int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
        MethodVisitor seven = writer.visitMethod(access, "seven", "()J", null, null);
        seven.visitCode();
        seven.visitLdcInsn(7L);
        seven.visitInsn(Opcodes.LRETURN);
        seven.visitMaxs(0, 0);
        seven.visitEnd();
        go(writer.visitMethod(access, "go", "(Ljava/lang/Object;)J", null, null));
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Adds what a method returns to what it returns within the monitor. */
    private static void go(MethodVisitor method) {
        Label body = new Label();
        Label handler = new Label();
        Label after = new Label();
        method.visitCode();
        method.visitTryCatchBlock(body, handler, handler, null);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, NAME, "seven", "()J", false);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitInsn(Opcodes.MONITORENTER);
        method.visitLabel(body);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, NAME, "seven", "()J", false);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitInsn(Opcodes.MONITOREXIT);
        method.visitJumpInsn(Opcodes.GOTO, after);
        method.visitLabel(handler);
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitInsn(Opcodes.MONITOREXIT);
        method.visitInsn(Opcodes.ATHROW);
        method.visitLabel(after);
        method.visitInsn(Opcodes.LADD);
        method.visitInsn(Opcodes.LRETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
    }

    private static final class Loader extends ClassLoader {
        private final byte[] classFile;

        Loader(byte[] classFile) {
            super(MonitorsTest.class.getClassLoader());
            this.classFile = classFile;
        }

        @Override
        protected Class<?> findClass(String name) {
            return defineClass(name, classFile, 0, classFile.length);
        }
    }
}
