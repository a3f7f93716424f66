package dev.ingot.agent.weave;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.SimpleVerifier;

/**
 * Whether stack map frames will do that say {@code Object} where the common superclass of two values is not known. They do unless code needs
 * more of such a value, as a call of one of its methods does; the JVM would refuse the class then.
 */
final class GuessedTypes {
    private GuessedTypes() {}

    /** Whether they do for all methods of a class. */
    static boolean suffice(byte[] classFile, ClassHierarchy hierarchy) {
        ClassNode node = new ClassNode();
        new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        for (MethodNode method : node.methods) {
            try {
                new Analyzer<>(new Verifier(node, hierarchy)).analyze(node.name, method);
            } catch (AnalyzerException needsMore) {
                return false;
            }
        }
        return true;
    }

    /** Believes what the compiler did with types that it knew. Loads no class. */
    private static final class Verifier extends SimpleVerifier {
        private static final Type OBJECT = Type.getObjectType("java/lang/Object");

        private final ClassHierarchy hierarchy;

        Verifier(ClassNode node, ClassHierarchy hierarchy) {
            super(
                    Opcodes.ASM9,
                    Type.getObjectType(node.name),
                    Type.getObjectType(node.superName),
                    node.interfaces.stream().map(Type::getObjectType).toList(),
                    (node.access & Opcodes.ACC_INTERFACE) != 0);
            this.hierarchy = hierarchy;
        }

        @Override
        public BasicValue merge(BasicValue first, BasicValue second) {
            if (!isReference(first) || !isReference(second) || first.equals(second)) {
                return super.merge(first, second);
            }
            boolean arrays =
                    first.getType().getSort() == Type.ARRAY || second.getType().getSort() == Type.ARRAY;
            return new BasicValue(
                    arrays
                            ? OBJECT
                            : Type.getObjectType(hierarchy.commonSuperClass(
                                    first.getType().getInternalName(),
                                    second.getType().getInternalName())));
        }

        private static boolean isReference(BasicValue value) {
            return value.isReference() && !value.getType().equals(NULL_TYPE);
        }

        @Override
        protected boolean isInterface(Type type) {
            return hierarchy.isInterface(type.getInternalName());
        }

        @Override
        protected @Nullable Type getSuperClass(Type type) {
            return type.equals(OBJECT) ? null : OBJECT;
        }

        @Override
        protected boolean isAssignableFrom(Type wanted, Type given) {
            if (wanted.equals(OBJECT) || wanted.equals(given) || !given.equals(OBJECT)) {
                return true;
            }
            return wanted.getSort() == Type.OBJECT && isInterface(wanted);
        }
    }
}
