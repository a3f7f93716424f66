package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** No thread is stopped where it holds an address of native memory. */
class NativeAddressesTest {

    /** What is woven, under other names. */
    interface Sample {
        static int unsafeSum(int[] values) {
            int sum = 0;
            for (int value : values) {
                sum += value;
            }
            return sum;
        }

        static int sum(int[] values) {
            int sum = 0;
            for (int value : values) {
                sum += value;
            }
            return sum;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io/netty/buffer/UnsafeByteBufUtil, false, false",
        "io/netty/util/internal/PlatformDependent0, false, false",
        "org/sample/shaded/io/netty/util/internal/PlatformDependent, false, false",
        "io/netty/buffer/ByteBufUtil, false, true",
        "org/agrona/concurrent/UnsafeBuffer, false, false",
        "org/sample/org/agrona/AbstractMutableDirectBuffer, false, false",
        "org/agrona/concurrent/ManyToOneConcurrentArrayQueue, true, true",
        "io/netty/buffer/Unpooled, true, true",
        "audio/netty/buffer/UnsafeByteBufUtil, true, true"
    })
    void areHeldByMethodsWithoutPolls(String name, boolean unsafePolls, boolean safePolls) throws IOException {
        assertThat(polls(name, "unsafeSum")).isEqualTo(unsafePolls);
        assertThat(polls(name, "sum")).isEqualTo(safePolls);
    }

    private static boolean polls(String owner, String method) throws IOException {
        WovenClass woven = new Weaver((first, second) -> {
                    throw new AssertionError("the sample has stack map frames: " + first + ", " + second);
                })
                .weave(sampleNamed(owner), WeaveRequest.PROGRAM);
        ClassNode node = new ClassNode();
        new ClassReader(requireNonNull(woven).bytes()).accept(node, 0);
        for (MethodNode candidate : node.methods) {
            for (AbstractInsnNode insn : candidate.instructions) {
                if (candidate.name.equals(method) && insn instanceof InvokeDynamicInsnNode) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] sampleNamed(String owner) throws IOException {
        String name = Sample.class.getName().replace('.', '/');
        ClassWriter writer = new ClassWriter(0);
        try (InputStream in = requireNonNull(Sample.class.getClassLoader().getResourceAsStream(name + ".class"))) {
            new ClassReader(in).accept(new ClassRemapper(writer, new SimpleRemapper(Opcodes.ASM9, name, owner)), 0);
        }
        return writer.toByteArray();
    }
}
