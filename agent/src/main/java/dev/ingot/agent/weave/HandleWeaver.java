package dev.ingot.agent.weave;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Lets compiled method handles that go on after a call save themselves, their arguments and where they hold the handle they called
 * when the capture signal passes, and
 * keeps those that catch exceptions from catching it. Others are left as they are.
 *
 * <p>Calls nothing of the JDK that is woven itself, such as {@code Map.computeIfAbsent} or {@code forEach}: what is woven there may have to be
 * linked first, which compiles method handles.
 */
public final class HandleWeaver {
    private static final String OBJECT = "java/lang/Object";
    private static final String PASS = "(L" + OBJECT + ";[L" + OBJECT + ";Ljava/lang/String;)V";
    /** The signal, the handle, the array twice, an index and a value of two slots. */
    private static final int HANDLER_STACK = 7;

    private HandleWeaver() {}

    /** The class file to define in place of {@code classFile}, or null for no change. */
    public static byte @Nullable [] weave(byte[] classFile) {
        List<ForwarderScan.MethodScan> scans = ForwarderScan.scan(classFile);
        if (!isAnyToBeWoven(scans)) {
            return null;
        }
        ClassReader reader = new ClassReader(classFile);
        ClassNode type = new ClassNode();
        reader.accept(type, 0);
        for (MethodNode method : type.methods) {
            for (ForwarderScan.MethodScan scan : scans) {
                if (scan.method().equals(method.name + method.desc) && knowsItself(method.name)) {
                    weave(method, scan.repeatedOnly(), HandleTargets.of(type.name, method));
                }
            }
        }
        // Offsets stay as they are if the constants keep their numbers.
        ClassWriter writer = new ClassWriter(reader, 0);
        type.accept(writer);
        return writer.toByteArray();
    }

    private static boolean isAnyToBeWoven(List<ForwarderScan.MethodScan> scans) {
        for (ForwarderScan.MethodScan scan : scans) {
            if (knowsItself(scan.method()) && !scan.repeatedOnly().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the first argument is the handle itself; linkers are given what the JVM likes. */
    private static boolean knowsItself(String method) {
        int end = method.indexOf('(');
        String name = end < 0 ? method : method.substring(0, end);
        return !name.startsWith("<") && !name.startsWith("linkTo") && !name.endsWith("_MT");
    }

    private static void weave(MethodNode method, BitSet calls, Map<Integer, String> targets) {
        Type[] parameters = Type.getArgumentTypes(method.desc);
        if (calls.isEmpty() || parameters.length == 0 || parameters[0].getSort() != Type.OBJECT) {
            return;
        }
        Map<@Nullable String, LabelNode> handlers = new LinkedHashMap<>();
        int number = 0;
        int ranges = 0;
        for (AbstractInsnNode insn : method.instructions.toArray()) {
            if (insn instanceof MethodInsnNode) {
                if (calls.get(number)) {
                    LabelNode start = new LabelNode();
                    LabelNode end = new LabelNode();
                    method.instructions.insertBefore(insn, start);
                    method.instructions.insert(insn, end);
                    LabelNode handler = handlers.get(targets.get(number));
                    if (handler == null) {
                        handler = new LabelNode();
                        handlers.put(targets.get(number), handler);
                    }
                    method.tryCatchBlocks.add(
                            ranges++, new TryCatchBlockNode(start, end, handler, RuntimeNames.SIGNAL));
                }
                number++;
            }
        }
        for (Map.Entry<@Nullable String, LabelNode> each : handlers.entrySet()) {
            method.instructions.add(handler(each.getValue(), parameters, each.getKey()));
        }
        method.maxStack = Math.max(method.maxStack, HANDLER_STACK);
    }

    /** @param target the field of the handle in which the one is that was called, if it is known */
    private static InsnList handler(LabelNode handler, Type[] parameters, @Nullable String target) {
        InsnList code = new InsnList();
        code.add(handler);
        code.add(new FrameNode(
                Opcodes.F_FULL, parameters.length, frameTypes(parameters), 1, new Object[] {RuntimeNames.SIGNAL}));
        code.add(new VarInsnNode(Opcodes.ALOAD, 0));
        code.add(new IntInsnNode(Opcodes.SIPUSH, parameters.length - 1));
        code.add(new TypeInsnNode(Opcodes.ANEWARRAY, OBJECT));
        int local = parameters[0].getSize();
        for (int index = 1; index < parameters.length; index++) {
            code.add(new InsnNode(Opcodes.DUP));
            code.add(new IntInsnNode(Opcodes.SIPUSH, index - 1));
            code.add(new VarInsnNode(parameters[index].getOpcode(Opcodes.ILOAD), local));
            box(code, parameters[index]);
            code.add(new InsnNode(Opcodes.AASTORE));
            local += parameters[index].getSize();
        }
        code.add(target == null ? new InsnNode(Opcodes.ACONST_NULL) : new LdcInsnNode(target));
        code.add(new MethodInsnNode(Opcodes.INVOKESTATIC, RuntimeNames.WOVEN, "passHandle", PASS, false));
        code.add(new InsnNode(Opcodes.ATHROW));
        return code;
    }

    private static Object[] frameTypes(Type[] parameters) {
        Object[] types = new Object[parameters.length];
        for (int index = 0; index < types.length; index++) {
            types[index] = switch (parameters[index].getSort()) {
                case Type.OBJECT, Type.ARRAY -> parameters[index].getInternalName();
                case Type.LONG -> Opcodes.LONG;
                case Type.FLOAT -> Opcodes.FLOAT;
                case Type.DOUBLE -> Opcodes.DOUBLE;
                default -> Opcodes.INTEGER;
            };
        }
        return types;
    }

    private static void box(InsnList code, Type type) {
        String box = switch (type.getSort()) {
            case Type.OBJECT, Type.ARRAY -> null;
            case Type.LONG -> "java/lang/Long";
            case Type.FLOAT -> "java/lang/Float";
            case Type.DOUBLE -> "java/lang/Double";
            default -> "java/lang/Integer";
        };
        if (box != null) {
            String primitive = box.equals("java/lang/Integer") ? "I" : type.getDescriptor();
            code.add(new MethodInsnNode(
                    Opcodes.INVOKESTATIC, box, "valueOf", "(" + primitive + ")L" + box + ";", false));
        }
    }
}
