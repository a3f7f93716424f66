package dev.ingot.agent.weave;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Woven code loads no constants but the program's own. HotSpot makes {@code ldc_w} of an {@code ldc} whose constant it moves when a
 * class is redefined, and what stands behind it is not where its sites were noted: a constructor with a string for its superclass
 * was re-entered with nothing in its locals.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ConstantsOfWovenCodeTest {

    /** What is woven: a constructor that can be captured behind that of its superclass, which takes a string. */
    static class Sample extends Named {
        Sample(String name, Runnable action) {
            super(name + ", woven");
            action.run();
        }
    }

    static class Named {
        final String name;

        Named(String name) {
            this.name = name;
        }
    }

    @Test
    void areThoseThatItHadBefore() throws IOException {
        byte[] compiled = compiled(Sample.class);
        Set<String> resumable = Set.of("<init>(Ljava/lang/String;Ljava/lang/Runnable;)V", WeaveRequest.PLACEHOLDER);
        WeaveRequest request = new WeaveRequest(false, false, false, resumable);

        WovenClass woven = requireNonNull(new Weaver(ConstantsOfWovenCodeTest::noOldClasses).weave(compiled, request));

        assertThat(constantsIn(woven.bytes())).isEqualTo(constantsIn(compiled));
    }

    private static Set<Object> constantsIn(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        Set<Object> constants = new HashSet<>();
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode insn : method.instructions) {
                if (insn instanceof LdcInsnNode load) {
                    constants.add(load.cst);
                }
            }
        }
        return constants;
    }

    private static String noOldClasses(String first, String second) {
        throw new AssertionError("frames are computed of " + first + " and " + second);
    }

    private static byte[] compiled(Class<?> type) throws IOException {
        String resource = '/' + type.getName().replace('.', '/') + ".class";
        try (InputStream stream = requireNonNull(type.getResourceAsStream(resource))) {
            return stream.readAllBytes();
        }
    }
}
