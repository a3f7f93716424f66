package dev.ingot.agent.weave;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Weaves the methods by which class loaders are asked, so that the answer can be given in their place: while they are restored, and for the
 * classes that woven code calls, of which loaders that do not ask the boot loader, such as those of OSGi, know nothing.
 */
final class LoaderEntry {
    private static final String NAME = "loadClass";
    /** By which the JVM asks. */
    private static final String DESCRIPTOR = "(Ljava/lang/String;)Ljava/lang/Class;";
    /** What that calls, unless a loader has its own. */
    private static final String RESOLVING = "(Ljava/lang/String;Z)Ljava/lang/Class;";

    private static final String FIND = "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Class;";

    private LoaderEntry() {}

    /** Weaves {@link JdkClasses#LOADER}. */
    static byte[] weave(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        String owner = reader.getClassName();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        if (!name.equals(NAME) || !descriptor.equals(DESCRIPTOR)) {
                            return next;
                        }
                        return new MethodNode(Opcodes.ASM9, access, name, descriptor, signature, exceptions) {
                            @Override
                            public void visitEnd() {
                                super.visitEnd();
                                weave(owner, this);
                                accept(next);
                            }
                        };
                    }
                },
                ClassReader.EXPAND_FRAMES);
        return writer.toByteArray();
    }

    /** Whether a class loader would be asked by the method; what the class is is told when it runs. */
    static boolean isOne(MethodNode method) {
        return method.name.equals(NAME)
                && (method.desc.equals(DESCRIPTOR) || method.desc.equals(RESOLVING))
                && (method.access & (Opcodes.ACC_STATIC | Opcodes.ACC_ABSTRACT)) == 0;
    }

    /** Lets the method begin with the question whether the answer is known. */
    static void weave(String owner, MethodNode method) {
        LabelNode unknown = new LabelNode();
        Object[] locals = new Frames(owner, Math.max(2, method.maxLocals)).initial(method);
        InsnList code = new InsnList();
        code.add(new VarInsnNode(Opcodes.ALOAD, 0));
        code.add(new VarInsnNode(Opcodes.ALOAD, 1));
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.LOADER_ANSWERS, "find", FIND, false));
        code.add(new InsnNode(Opcodes.DUP));
        code.add(new JumpInsnNode(Opcodes.IFNULL, unknown));
        code.add(new InsnNode(Opcodes.ARETURN));
        code.add(unknown);
        code.add(Frames.node(locals, List.of("java/lang/Class")));
        code.add(new InsnNode(Opcodes.POP));
        method.instructions.insert(code);
    }
}
