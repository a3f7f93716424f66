package dev.ingot.agent.weave;

import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Decides which calls can have a captured frame above them. */
final class CallPolicy {
    /** Final classes of the JDK, none of whose methods is woven: a frame above them pins the thread anyway. */
    private static final Set<String> CLOSED = Set.of(
            "java/lang/String",
            "java/lang/StringBuilder",
            "java/lang/StringBuffer",
            "java/lang/Math",
            "java/lang/StrictMath",
            "java/lang/System",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Short",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Boolean",
            "java/lang/Float",
            "java/lang/Double",
            "java/lang/Class",
            "java/lang/Void",
            "java/util/UUID",
            "java/util/StringTokenizer",
            "java/util/BitSet",
            "java/util/regex/Pattern",
            "java/util/concurrent/TimeUnit",
            "java/util/concurrent/atomic/AtomicInteger",
            "java/util/concurrent/atomic/AtomicLong",
            "java/util/concurrent/atomic/AtomicBoolean",
            "java/util/concurrent/atomic/LongAdder");

    private static final String LAMBDA_METAFACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String STRING_CONCAT_FACTORY = "java/lang/invoke/StringConcatFactory";
    private static final String OBJECT_METHODS = "java/lang/runtime/ObjectMethods";

    private CallPolicy() {}

    enum Answer {
        /** No captured frame can stand above this call. */
        CLOSED,
        /** The callee may be captured. */
        CALL,
        /** A forwarder whose target may be captured. */
        REPLAY,
        /** A constructor that may be captured. */
        CONSTRUCTOR
    }

    static Answer of(MethodInsnNode call) {
        if (call.owner.startsWith("dev/ingot/runtime/")) {
            return ofRuntime(call);
        }
        if (call.name.equals("<init>")) {
            return JdkMethods.isJdk(call.owner) ? Answer.CLOSED : Answer.CONSTRUCTOR;
        }
        if (call.owner.startsWith("[")) {
            return Answer.CLOSED;
        }
        if (call.owner.equals("java/lang/invoke/MethodHandle") && call.name.startsWith("invoke")) {
            return Answer.REPLAY;
        }
        if (CLOSED.contains(call.owner) && !call.name.equals("sleep")) {
            return Answer.CLOSED;
        }
        boolean resolvedStatically =
                call.getOpcode() == Opcodes.INVOKESTATIC || call.getOpcode() == Opcodes.INVOKESPECIAL;
        if (resolvedStatically && JdkMethods.isJdk(call.owner) && !JdkMethods.isProgramLike(call.owner)) {
            return JdkMethods.isWoven(call.owner, call.name) ? Answer.CALL : Answer.CLOSED;
        }
        return Answer.CALL;
    }

    private static Answer ofRuntime(MethodInsnNode call) {
        return switch (call.owner) {
            case RuntimeNames.LEAVES -> Answer.CALL;
            case RuntimeNames.PASS_THROUGH -> Answer.REPLAY;
            case RuntimeNames.CONTROL -> call.name.equals("checkpoint") ? Answer.CALL : Answer.CLOSED;
            default -> Answer.CLOSED;
        };
    }

    static Answer of(InvokeDynamicInsnNode call) {
        return switch (call.bsm.getOwner()) {
            case RuntimeNames.WOVEN, LAMBDA_METAFACTORY, STRING_CONCAT_FACTORY, OBJECT_METHODS -> Answer.CLOSED;
            default -> Answer.REPLAY;
        };
    }
}
