package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class InitializerEraserTest {
    @Test
    void theInitialiserRunsNoMore() throws Exception {
        byte[] erased = Objects.requireNonNull(InitializerEraser.erase(Definer.classFile(Initialized.class)));

        Class<?> type = Class.forName(Initialized.class.getName(), true, new Definer(Initialized.class, erased));

        assertThat(type.getDeclaredMethod("words").invoke(null)).isNull();
    }

    @Test
    void theSitesOfAWovenClassStayWhereTheyWere() throws Exception {
        byte[] woven = Objects.requireNonNull(new Weaver((first, second) -> "java/lang/Object")
                        .weave(Definer.classFile(Initialized.class), new WeaveRequest(false, false, true, Set.of())))
                .bytes();

        byte[] erased = Objects.requireNonNull(InitializerEraser.erase(woven));

        assertThat(sizes(erased)).isEqualTo(sizes(woven)).isNotEmpty();
        Class.forName(Initialized.class.getName(), true, new Definer(Initialized.class, erased));
    }

    @Test
    void aClassWithoutOneStaysAsItIs() throws Exception {
        assertThat(InitializerEraser.erase(Definer.classFile(Definer.class))).isNull();
    }

    /** Size in instructions of every method but the initialiser. */
    private static List<Map.Entry<String, Integer>> sizes(byte[] classFile) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, 0);
        List<Map.Entry<String, Integer>> sizes = new ArrayList<>();
        for (MethodNode method : node.methods) {
            if (!method.name.equals("<clinit>")) {
                sizes.add(Map.entry(method.name + method.desc, CodeSize.of(method)));
            }
        }
        return sizes;
    }

    /** Has an initialiser of several branches, one of them in a handler. */
    public static final class Initialized {
        private static final List<String> WORDS;

        static {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try {
                    words.add(String.valueOf(10 / i));
                } catch (ArithmeticException byZero) {
                    words.add("none");
                }
            }
            WORDS = words;
        }

        private Initialized() {}

        public static List<String> words() {
            return WORDS;
        }

        public static int count() {
            return words().stream().mapToInt(String::length).sum();
        }
    }
}
