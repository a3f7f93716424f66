package dev.ingot.agent.packaging;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/** The class of a lambda: fields for what it captures, and the method of its interface. */
final class LambdaClass {
    /** The static field that holds the object of a class that captures nothing. */
    static final String INSTANCE = "INSTANCE";

    /** The static method that makes an object of what it captures. */
    static final String MAKE = "make";

    private static final String OBJECT = "java/lang/Object";

    private final String name;
    private final String host;
    private final int version;
    private final Type implemented;
    private final Type[] captured;
    private final String method;
    /** As the interface has it. */
    private final Type erased;
    /** With the types that the interface's parameters stand for. */
    private final Type actual;

    private final Handle target;

    private LambdaClass(ClassNode type, InvokeDynamicInsnNode dynamic, String name) {
        this.name = name;
        this.host = type.nestHostClass == null ? type.name : type.nestHostClass;
        this.version = type.version;
        this.implemented = Type.getReturnType(dynamic.desc);
        this.captured = Type.getArgumentTypes(dynamic.desc);
        this.method = dynamic.name;
        this.erased = (Type) dynamic.bsmArgs[0];
        this.target = (Handle) dynamic.bsmArgs[1];
        this.actual = (Type) dynamic.bsmArgs[2];
    }

    /** Null if the JVM has to make it. */
    static @Nullable LambdaClass of(ClassNode type, InvokeDynamicInsnNode dynamic, String name) {
        LambdaClass lambda = new LambdaClass(type, dynamic, name);
        return PlainLambdas.isCallable(type, lambda.target) && lambda.isSimple() ? lambda : null;
    }

    private boolean isSimple() {
        List<Type> wanted = wanted();
        Type[] given = erased.getArgumentTypes();
        if (wanted.size() != captured.length + given.length) {
            return false;
        }
        for (int index = 0; index < captured.length; index++) {
            if (isPrimitive(captured[index]) && !captured[index].equals(wanted.get(index))) {
                return false;
            }
        }
        for (int index = 0; index < given.length; index++) {
            Type parameter = wanted.get(captured.length + index);
            boolean unboxes = !isPrimitive(given[index])
                    && isPrimitive(parameter)
                    && boxOf(parameter).equals(actual.getArgumentTypes()[index]);
            boolean casts = !isPrimitive(given[index]) && !isPrimitive(parameter);
            if (!given[index].equals(parameter) && !unboxes && !casts) {
                return false;
            }
        }
        return isReturned(result(), erased.getReturnType());
    }

    private boolean isReturned(Type result, Type wanted) {
        if (wanted.getSort() == Type.VOID || wanted.equals(result)) {
            return true;
        }
        if (isPrimitive(wanted) || result.getSort() == Type.VOID) {
            return false;
        }
        return wanted.getInternalName().equals(OBJECT)
                && (!isPrimitive(result) || boxOf(result).equals(actual.getReturnType()));
    }

    /** What the target is called with, its receiver first. */
    private List<Type> wanted() {
        List<Type> all = new ArrayList<>();
        if (target.getTag() != Opcodes.H_INVOKESTATIC && target.getTag() != Opcodes.H_NEWINVOKESPECIAL) {
            all.add(Type.getObjectType(target.getOwner()));
        }
        all.addAll(Arrays.asList(Type.getArgumentTypes(target.getDesc())));
        return all;
    }

    private Type result() {
        return target.getTag() == Opcodes.H_NEWINVOKESPECIAL
                ? Type.getObjectType(target.getOwner())
                : Type.getReturnType(target.getDesc());
    }

    byte[] toBytes() {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(
                version,
                Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                name,
                null,
                OBJECT,
                new String[] {implemented.getInternalName()});
        writer.visitNestHost(host);
        for (int index = 0; index < captured.length; index++) {
            writer.visitField(
                            Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
                            field(index),
                            captured[index].getDescriptor(),
                            null,
                            null)
                    .visitEnd();
        }
        writeConstructor(writer);
        if (captured.length == 0) {
            writeInstance(writer);
        } else {
            writeMake(writer);
        }
        writeMethod(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static String field(int index) {
        return "captured" + index;
    }

    private String constructor() {
        return Type.getMethodDescriptor(Type.VOID_TYPE, captured);
    }

    private void writeConstructor(ClassWriter writer) {
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", constructor(), null, null);
        code.visitCode();
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
        int local = 1;
        for (int index = 0; index < captured.length; index++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(captured[index].getOpcode(Opcodes.ILOAD), local);
            code.visitFieldInsn(Opcodes.PUTFIELD, name, field(index), captured[index].getDescriptor());
            local += captured[index].getSize();
        }
        end(code, Opcodes.RETURN);
    }

    private void writeInstance(ClassWriter writer) {
        String itself = "L" + name + ";";
        writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, INSTANCE, itself, null, null)
                .visitEnd();
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        code.visitCode();
        create(code);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", "()V", false);
        code.visitFieldInsn(Opcodes.PUTSTATIC, name, INSTANCE, itself);
        end(code, Opcodes.RETURN);
    }

    private void writeMake(ClassWriter writer) {
        String descriptor = Type.getMethodDescriptor(implemented, captured);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, MAKE, descriptor, null, null);
        code.visitCode();
        create(code);
        int local = 0;
        for (Type each : captured) {
            code.visitVarInsn(each.getOpcode(Opcodes.ILOAD), local);
            local += each.getSize();
        }
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor(), false);
        end(code, Opcodes.ARETURN);
    }

    private void create(MethodVisitor code) {
        code.visitTypeInsn(Opcodes.NEW, name);
        code.visitInsn(Opcodes.DUP);
    }

    private void writeMethod(ClassWriter writer) {
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC, method, erased.getDescriptor(), null, null);
        code.visitCode();
        if (target.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
            code.visitTypeInsn(Opcodes.NEW, target.getOwner());
            code.visitInsn(Opcodes.DUP);
        }
        List<Type> wanted = wanted();
        for (int index = 0; index < captured.length; index++) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitFieldInsn(Opcodes.GETFIELD, name, field(index), captured[index].getDescriptor());
            cast(code, captured[index], wanted.get(index));
        }
        Type[] given = erased.getArgumentTypes();
        int local = 1;
        for (int index = 0; index < given.length; index++) {
            code.visitVarInsn(given[index].getOpcode(Opcodes.ILOAD), local);
            cast(code, given[index], wanted.get(captured.length + index));
            local += given[index].getSize();
        }
        code.visitMethodInsn(opcode(), target.getOwner(), target.getName(), target.getDesc(), target.isInterface());
        giveBack(code);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private int opcode() {
        return switch (target.getTag()) {
            case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
            case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
            default -> target.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
        };
    }

    private static void cast(MethodVisitor code, Type given, Type wanted) {
        if (given.equals(wanted)) {
            return;
        }
        if (isPrimitive(wanted)) {
            Type box = boxOf(wanted);
            code.visitTypeInsn(Opcodes.CHECKCAST, box.getInternalName());
            code.visitMethodInsn(
                    Opcodes.INVOKEVIRTUAL,
                    box.getInternalName(),
                    wanted.getClassName() + "Value",
                    Type.getMethodDescriptor(wanted),
                    false);
        } else if (!wanted.getInternalName().equals(OBJECT)) {
            code.visitTypeInsn(Opcodes.CHECKCAST, wanted.getInternalName());
        }
    }

    private void giveBack(MethodVisitor code) {
        Type result = result();
        Type wanted = erased.getReturnType();
        if (wanted.getSort() == Type.VOID) {
            if (result.getSize() > 0) {
                code.visitInsn(result.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
            }
        } else if (isPrimitive(result) && !isPrimitive(wanted)) {
            Type box = boxOf(result);
            code.visitMethodInsn(
                    Opcodes.INVOKESTATIC,
                    box.getInternalName(),
                    "valueOf",
                    Type.getMethodDescriptor(box, result),
                    false);
        }
        code.visitInsn(wanted.getOpcode(Opcodes.IRETURN));
    }

    private static void end(MethodVisitor code, int opcode) {
        code.visitInsn(opcode);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    private static boolean isPrimitive(Type type) {
        return type.getSort() < Type.ARRAY;
    }

    private static Type boxOf(Type primitive) {
        return switch (primitive.getSort()) {
            case Type.BOOLEAN -> Type.getType(Boolean.class);
            case Type.CHAR -> Type.getType(Character.class);
            case Type.BYTE -> Type.getType(Byte.class);
            case Type.SHORT -> Type.getType(Short.class);
            case Type.INT -> Type.getType(Integer.class);
            case Type.FLOAT -> Type.getType(Float.class);
            case Type.LONG -> Type.getType(Long.class);
            case Type.DOUBLE -> Type.getType(Double.class);
            default -> Type.getType(Void.class);
        };
    }
}
