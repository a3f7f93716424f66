package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class CallRewriterTest {
    private static final String NAME = "sample/Blocking";

    /** Compilers from Java 18 on name the interface by which the object is known. */
    @Test
    void aWaitByWayOfAnInterfaceIsOneOfIngots() {
        assertThat(callsAfterWeaving("java/lang/Object", Opcodes.INVOKEINTERFACE, "java/util/List", "wait", "()V"))
                .contains("dev/ingot/runtime/Leaves.wait(Ljava/lang/Object;)V")
                .doesNotContain("java/util/List.wait()V");
    }

    @Test
    void aSleepThatIsInheritedIsOneOfIngots() {
        assertThat(callsAfterWeaving("java/lang/Thread", Opcodes.INVOKESTATIC, NAME, "sleep", "(J)V"))
                .contains("dev/ingot/runtime/Leaves.sleep(J)V");
        assertThat(callsAfterWeaving("sample/Worker", Opcodes.INVOKESTATIC, NAME, "sleep", "(J)V"))
                .contains("dev/ingot/runtime/InheritedSleep.link");
    }

    @Test
    void aSleepOfItsOwnOrOfAnotherClassIsLeftAlone() {
        assertThat(callsAfterWeaving("java/lang/Object", Opcodes.INVOKESTATIC, NAME, "sleep", "(J)V"))
                .contains(NAME + ".sleep(J)V");
        assertThat(callsAfterWeaving("sample/Worker", Opcodes.INVOKESTATIC, "sample/Tools", "sleep", "(J)V"))
                .contains("sample/Tools.sleep(J)V");
        assertThat(callsAfterWeaving("sample/Worker", Opcodes.INVOKESTATIC, NAME, "sleep", "(Ljava/lang/String;)V"))
                .contains(NAME + ".sleep(Ljava/lang/String;)V");
    }

    /** So that a frame that parks on 21 is the one of 25, where virtual threads are parked by what the JDK shares with itself. */
    @Test
    void aVirtualThreadParksByTheSameCallOnAllVersions() {
        String earlier = "jdk/internal/misc/VirtualThreads";
        for (String name : List.of("park", "parkUntil")) {
            assertThat(callsAfterWeaving("java/lang/Object", Opcodes.INVOKESTATIC, earlier, name, "(J)V"))
                    .contains("dev/ingot/runtime/Leaves.park(Ljdk/internal/access/JavaLangAccess;J)V")
                    .doesNotContain(earlier + "." + name + "(J)V");
        }
    }

    private static List<String> callsAfterWeaving(
            String superName, int opcode, String owner, String name, String descriptor) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME, null, superName, null);
        MethodVisitor method =
                writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "go", "(Ljava/util/List;)V", null, null);
        method.visitCode();
        if (opcode == Opcodes.INVOKEINTERFACE) {
            method.visitVarInsn(Opcodes.ALOAD, 0);
        } else if (descriptor.startsWith("(J")) {
            method.visitInsn(Opcodes.LCONST_1);
        } else {
            method.visitInsn(Opcodes.ACONST_NULL);
        }
        method.visitMethodInsn(opcode, owner, name, descriptor, opcode == Opcodes.INVOKEINTERFACE);
        method.visitInsn(Opcodes.RETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        WeaveRequest request = new WeaveRequest(false, false, false, Set.of());
        WovenClass woven = new Weaver((first, second) -> "java/lang/Object").weave(writer.toByteArray(), request);
        return calls(Objects.requireNonNull(woven).bytes());
    }

    private static List<String> calls(byte[] classFile) {
        List<String> calls = new ArrayList<>();
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitMethodInsn(
                                            int opcode, String owner, String called, String type, boolean isInterface) {
                                        calls.add(owner + "." + called + type);
                                    }

                                    @Override
                                    public void visitInvokeDynamicInsn(
                                            String called, String type, Handle bootstrap, Object... arguments) {
                                        calls.add(bootstrap.getOwner() + "." + bootstrap.getName());
                                    }
                                };
                            }
                        },
                        0);
        return calls;
    }
}
