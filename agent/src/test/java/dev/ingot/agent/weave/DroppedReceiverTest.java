package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Optimising compilers leave the receiver out of a frame after which nothing uses it. */
class DroppedReceiverTest {
    private static final String NAME = "sample/Dropped";

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isSavedAllTheSame(boolean resumable) throws Exception {
        WeaveRequest request = new WeaveRequest(false, false, resumable, Set.of());
        WovenClass woven = new Weaver((first, second) -> "java/lang/Object").weave(classFile(), request);
        byte[] bytes = woven == null ? classFile() : woven.bytes();

        Class<?> type = new Loader(bytes).loadClass(NAME.replace('/', '.'));

        assertThat(woven).isNotNull();
        assertThat(type.getDeclaredMethod("go")
                        .invoke(type.getDeclaredConstructor().newInstance()))
                .isEqualTo(7);
    }

    private static byte[] classFile() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME, null, "java/lang/Object", null);
        constructor(writer);
        MethodVisitor seven = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "seven", "()I", null, null);
        seven.visitCode();
        seven.visitIntInsn(Opcodes.BIPUSH, 7);
        seven.visitInsn(Opcodes.IRETURN);
        seven.visitMaxs(1, 0);
        seven.visitEnd();
        go(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void constructor(ClassWriter writer) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        method.visitCode();
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(1, 1);
        method.visitEnd();
    }

    /** Throws, and calls a method in the handler, whose frame has no locals. */
    private static void go(ClassWriter writer) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "go", "()I", null, null);
        Label start = new Label();
        Label end = new Label();
        method.visitCode();
        method.visitTryCatchBlock(start, end, end, "java/lang/Throwable");
        method.visitLabel(start);
        method.visitInsn(Opcodes.ACONST_NULL);
        method.visitInsn(Opcodes.ATHROW);
        method.visitLabel(end);
        method.visitFrame(Opcodes.F_FULL, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"});
        method.visitInsn(Opcodes.POP);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, NAME, "seven", "()I", false);
        method.visitInsn(Opcodes.IRETURN);
        method.visitMaxs(1, 1);
        method.visitEnd();
    }

    private static final class Loader extends ClassLoader {
        private final byte[] classFile;

        Loader(byte[] classFile) {
            super(DroppedReceiverTest.class.getClassLoader());
            this.classFile = classFile;
        }

        @Override
        protected Class<?> findClass(String name) {
            return defineClass(name, classFile, 0, classFile.length);
        }
    }
}
