package dev.ingot.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Classes so old that they need no stack map frames, from a loader that has no class files as resources. */
class GuessedTypesTest {
    private static final String OBJECT = "java/lang/Object";
    private static final String BASE = "sample/Base";
    private static final String CHOICE = "sample/Choice";
    private static final WeaveRequest REQUEST = new WeaveRequest(false, false, true, Set.of());

    @Test
    void theFramesOfAClassThatHasSomeSayWhatItsClassesHaveInCommon() throws Exception {
        byte[] classFile = choice(Opcodes.V1_6, true);

        WovenClass woven = Objects.requireNonNull(weave(classFile));

        assertThat(answer(woven.bytes())).isEqualTo("two");
    }

    @Test
    void aClassThatNeedsMoreThanIsKnownIsLeftAsItIs() throws Exception {
        byte[] classFile = choice(Opcodes.V1_5, true);

        assertThat(weave(classFile)).isNull();
        assertThat(answer(classFile)).isEqualTo("two");
    }

    @Test
    void whereAnObjectWillDoNothingNeedsToBeKnown() throws Exception {
        WovenClass woven = Objects.requireNonNull(weave(choice(Opcodes.V1_5, false)));

        assertThat(answer(woven.bytes())).isEqualTo("two");
    }

    /** As a fresh JVM does, before the loaders of the program can say what extends what. */
    @Test
    void aModernisedClassFileIsWovenWhereNothingIsKnown() throws Exception {
        byte[] old = choice(Opcodes.V1_5, true);
        ClassHierarchy known = (first, second) -> BASE;

        byte[] modern = Objects.requireNonNull(new Weaver(known).modernise(old));

        WovenClass woven = Objects.requireNonNull(weave(modern));
        assertThat(answer(woven.bytes())).isEqualTo("two");
        assertThat(woven.bytes())
                .isEqualTo(Objects.requireNonNull(new Weaver(known).weave(old, REQUEST))
                        .bytes());
    }

    private static @Nullable WovenClass weave(byte[] classFile) {
        return new Weaver(new NothingKnown()).weave(classFile, REQUEST);
    }

    private static final class NothingKnown implements ClassHierarchy {
        private boolean asked;

        @Override
        public String commonSuperClass(String first, String second) {
            asked = true;
            return OBJECT;
        }

        @Override
        public boolean hasGuessed() {
            return asked;
        }
    }

    private static Object answer(byte[] choice) throws Exception {
        Map<String, byte[]> classes = new HashMap<>();
        classes.put(CHOICE, choice);
        classes.put(BASE, named(BASE, OBJECT, "base"));
        classes.put("sample/One", named("sample/One", BASE, "one"));
        classes.put("sample/Two", named("sample/Two", BASE, "two"));
        ClassLoader loader = new ClassLoader(GuessedTypesTest.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] classFile = classes.get(name.replace('.', '/'));
                if (classFile == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, classFile, 0, classFile.length);
            }
        };
        return Class.forName("sample.Choice", true, loader)
                .getDeclaredMethod("choose", boolean.class)
                .invoke(null, false);
    }

    /** A class that answers with its name. */
    private static byte[] named(String name, String superName, String answer) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_5, Opcodes.ACC_PUBLIC, name, null, superName, null);
        MethodVisitor constructor = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(Opcodes.ALOAD, 0);
        constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, superName, "<init>", "()V", false);
        constructor.visitInsn(Opcodes.RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "toString", "()Ljava/lang/String;", null, null);
        method.visitCode();
        method.visitLdcInsn(answer);
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** A class that makes one of two objects and asks it, by a method of their own superclass or by one that every object has. */
    private static byte[] choice(int version, boolean byBase) {
        ClassWriter writer =
                new ClassWriter(version == Opcodes.V1_6 ? ClassWriter.COMPUTE_FRAMES : ClassWriter.COMPUTE_MAXS) {
                    @Override
                    protected String getCommonSuperClass(String first, String second) {
                        return BASE;
                    }
                };
        writer.visit(version, Opcodes.ACC_PUBLIC, CHOICE, null, OBJECT, null);
        MethodVisitor method = writer.visitMethod(
                Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "choose", "(Z)Ljava/lang/String;", null, null);
        Label second = new Label();
        Label chosen = new Label();
        method.visitCode();
        method.visitVarInsn(Opcodes.ILOAD, 0);
        method.visitJumpInsn(Opcodes.IFEQ, second);
        make(method, "sample/One");
        method.visitJumpInsn(Opcodes.GOTO, chosen);
        method.visitLabel(second);
        make(method, "sample/Two");
        method.visitLabel(chosen);
        method.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, byBase ? BASE : OBJECT, "toString", "()Ljava/lang/String;", false);
        method.visitInsn(Opcodes.ARETURN);
        method.visitMaxs(0, 0);
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void make(MethodVisitor method, String name) {
        method.visitTypeInsn(Opcodes.NEW, name);
        method.visitInsn(Opcodes.DUP);
        method.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", "()V", false);
    }
}
