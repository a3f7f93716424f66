package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

class StackMapsTest {
    private static final String ADDED = "addedByAnAgent";
    private static final int REACH_OF_LDC = 256;
    private static final int INTEGER_CONSTANT = 3;
    private static final ClassHierarchy UNRELATED = (first, second) -> "java/lang/Object";

    private final byte[] compiled = compiled();

    @Test
    void aClassThatLostNothingElseIsTakenAsItWasCompiled() {
        ClassWriter writer = new ClassWriter(0);
        byte[] reduced = rewritten(writer, writer, ClassReader.SKIP_FRAMES);

        assertThat(StackMaps.areMissing(compiled)).isFalse();
        assertThat(StackMaps.areMissing(reduced)).isTrue();
        assertThat(StackMaps.restored(reduced, compiled, UNRELATED)).isSameAs(compiled);
    }

    @Test
    void aClassThatAnotherAgentChangedKeepsTheChange() {
        byte[] restored = StackMaps.restored(changed(), compiled, UNRELATED);

        assertThat(StackMaps.areMissing(restored)).isFalse();
        assertThat(fieldsOf(restored)).contains(ADDED);
    }

    @Test
    void stackMapsOfOneMethodDoNotStandForThoseOfOthers() {
        ClassWriter writer = new ClassWriter(0);
        byte[] partial = rewritten(new WithoutFrames(writer, "getTask"), writer, 0);

        assertThat(StackMaps.areMissing(partial)).isTrue();
    }

    /** Otherwise HotSpot may widen instructions when it merges the constants of two versions, and sites are elsewhere. */
    @Test
    void noConstantOfAChangedClassIsWithinReachOfTheShortInstruction() {
        ClassReader reader = new ClassReader(StackMaps.restored(changed(), compiled, UNRELATED));

        for (int i = 1; i < REACH_OF_LDC; i++) {
            assertThat(reader.readByte(reader.getItem(i) - 1)).isEqualTo(INTEGER_CONSTANT);
        }
    }

    private byte[] changed() {
        ClassWriter writer = new ClassWriter(0);
        return rewritten(new AddingField(writer), writer, ClassReader.SKIP_FRAMES);
    }

    private byte[] rewritten(ClassVisitor visitor, ClassWriter writer, int options) {
        new ClassReader(compiled).accept(visitor, options);
        return writer.toByteArray();
    }

    private static List<String> fieldsOf(byte[] classFile) {
        List<String> fields = new ArrayList<>();
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public FieldVisitor visitField(
                                    int access, String name, String descriptor, String signature, Object value) {
                                fields.add(name);
                                return super.visitField(access, name, descriptor, signature, value);
                            }
                        },
                        0);
        return fields;
    }

    private static byte[] compiled() {
        String resource = Type.getInternalName(ThreadPoolExecutor.class) + ".class";
        try (InputStream stream = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(resource))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class AddingField extends ClassVisitor {
        AddingField(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitEnd() {
            visitField(Opcodes.ACC_PRIVATE, ADDED, "Ljava/lang/Object;", null, null)
                    .visitEnd();
            super.visitEnd();
        }
    }

    private static final class WithoutFrames extends ClassVisitor {
        private final String method;

        WithoutFrames(ClassVisitor next, String method) {
            super(Opcodes.ASM9, next);
            this.method = method;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return !name.equals(method)
                    ? next
                    : new MethodVisitor(Opcodes.ASM9, next) {
                        @Override
                        public void visitFrame(int type, int locals, Object[] local, int stack, Object[] entries) {
                            // Left out.
                        }
                    };
        }
    }
}
