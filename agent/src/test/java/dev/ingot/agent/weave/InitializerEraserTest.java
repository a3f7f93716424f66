package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
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
        byte[] erased = Objects.requireNonNull(InitializerEraser.erase(classFile(Initialized.class)));

        Class<?> type = Class.forName(Initialized.class.getName(), true, new Definer(erased));

        assertThat(type.getDeclaredMethod("words").invoke(null)).isNull();
    }

    @Test
    void theSitesOfAWovenClassStayWhereTheyWere() throws Exception {
        byte[] woven = Objects.requireNonNull(new Weaver((first, second) -> "java/lang/Object")
                        .weave(classFile(Initialized.class), new WeaveRequest(false, false, true, Set.of())))
                .bytes();

        byte[] erased = Objects.requireNonNull(InitializerEraser.erase(woven));

        assertThat(sizes(erased)).isEqualTo(sizes(woven)).isNotEmpty();
        Class.forName(Initialized.class.getName(), true, new Definer(erased));
    }

    @Test
    void aClassWithoutOneStaysAsItIs() throws Exception {
        assertThat(InitializerEraser.erase(classFile(Definer.class))).isNull();
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

    private static byte[] classFile(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (InputStream stream = Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(name))) {
            return stream.readAllBytes();
        }
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

    private static final class Definer extends ClassLoader {
        private final byte[] classFile;

        Definer(byte[] classFile) {
            super(InitializerEraserTest.class.getClassLoader());
            this.classFile = classFile;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return name.equals(Initialized.class.getName())
                    ? defineClass(name, classFile, 0, classFile.length)
                    : super.loadClass(name, resolve);
        }
    }
}
