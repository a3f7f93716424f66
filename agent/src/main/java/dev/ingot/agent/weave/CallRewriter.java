package dev.ingot.agent.weave;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Replaces calls that block, read the clock or call back through forwarding code by their counterparts in the runtime. */
final class CallRewriter {
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final String DATAGRAMS = "sun/nio/ch/DatagramChannelImpl";
    private static final String FILE_INPUT = "java/io/FileInputStream";
    private static final String LANG_ACCESS = "jdk/internal/access/JavaLangAccess";
    /** By way of which virtual threads parked before JDK 24. */
    private static final String VIRTUAL_THREADS = "jdk/internal/misc/VirtualThreads";

    private static final String UNSAFE = "sun/misc/Unsafe";
    private static final String JDK_UNSAFE = "jdk/internal/misc/Unsafe";
    private static final String METHOD_ACCESSOR = "jdk/internal/reflect/MethodAccessor";
    private static final String CONSTRUCTOR_ACCESSOR = "jdk/internal/reflect/ConstructorAccessor";

    private static final Map<String, String> STATIC_CALLS = Map.ofEntries(
            Map.entry("java/lang/Thread.sleep(J)V", RuntimeNames.LEAVES),
            Map.entry("java/lang/Thread.sleep(JI)V", RuntimeNames.LEAVES),
            Map.entry("java/lang/Thread.sleep(Ljava/time/Duration;)V", RuntimeNames.LEAVES),
            Map.entry("java/lang/System.nanoTime()J", RuntimeNames.CLOCK),
            Map.entry("sun/nio/ch/NativeThread.current()J", RuntimeNames.KERNEL_CALLS),
            Map.entry("sun/nio/ch/Net.poll(Ljava/io/FileDescriptor;IJ)I", RuntimeNames.LEAVES),
            Map.entry("sun/nio/ch/EPoll.wait(IJII)I", RuntimeNames.LEAVES),
            Map.entry("sun/nio/ch/Poller.poll(IIJLjava/util/function/BooleanSupplier;)V", RuntimeNames.LEAVES),
            Map.entry("sun/nio/ch/Poller.pollSelector(IJ)V", RuntimeNames.LEAVES),
            Map.entry("sun/nio/fs/UnixNativeDispatcher.readdir(J)[B", RuntimeNames.LISTINGS),
            Map.entry("sun/nio/fs/UnixNativeDispatcher.closedir(J)V", RuntimeNames.LISTINGS));

    private static final String THREAD_POOL = "sun/nio/ch/ThreadPool";
    private static final String TIMER_QUEUE = "javax/swing/TimerQueue";
    private static final String INNOCUOUS = "jdk/internal/misc/InnocuousThread";

    private static final Set<String> MEMORY_CALLS = Set.of("allocateMemory", "reallocateMemory", "freeMemory");

    private static final Set<String> WAITS = Set.of("wait()V", "wait(J)V", "wait(JI)V");

    /** Types whose string conversion runs no code of the program. */
    private static final Set<String> PLAIN_TYPES = Set.of(
            "java/lang/String",
            "java/lang/Integer",
            "java/lang/Long",
            "java/lang/Short",
            "java/lang/Byte",
            "java/lang/Character",
            "java/lang/Boolean",
            "java/lang/Float",
            "java/lang/Double",
            "java/lang/Class",
            "java/lang/StringBuilder",
            "java/math/BigInteger",
            "java/math/BigDecimal");

    private static final String THREAD = "java/lang/Thread";
    private static final String SLEEP = "sleep";

    private final String owner;
    private final String superName;
    /** Descriptors of the static methods of the class that hide those of {@code Thread} by which one sleeps. */
    private final Set<String> ownSleeps = new HashSet<>();

    /** Of the calls in the class that {@code reader} reads. */
    CallRewriter(ClassReader reader) {
        this.owner = reader.getClassName();
        this.superName = reader.getSuperName() == null ? "" : reader.getSuperName();
        if (!superName.equals("java/lang/Object") && !JdkMethods.isJdk(owner)) {
            reader.accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public @Nullable MethodVisitor visitMethod(
                                int access, String name, String descriptor, String signature, String[] exceptions) {
                            if (name.equals(SLEEP)) {
                                ownSleeps.add(descriptor);
                            }
                            return null;
                        }
                    },
                    ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        }
    }

    /** Pools of asynchronous channels run the program's completion handlers in threads that later JDKs take for their own. */
    private boolean makesHandlerThread(MethodInsnNode call) {
        return owner.equals(THREAD_POOL) && call.owner.equals(INNOCUOUS) && call.name.equals("newThread");
    }

    /** Swing puts the thread of its timers into the group of the JVM's own. */
    private boolean asksForTimerGroup(MethodInsnNode call) {
        return owner.equals(TIMER_QUEUE)
                && call.owner.equals("sun/awt/AppContext")
                && call.name.equals("getThreadGroup");
    }

    /** Rewrites {@code method} in place; false if there was nothing to rewrite. */
    boolean rewrite(MethodNode method) {
        boolean changed = startsOtherwise(owner, method);
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; ) {
            AbstractInsnNode next = insn.getNext();
            if (insn instanceof MethodInsnNode call) {
                MethodInsnNode replacement = owner.equals(UNSAFE) ? replacementInUnsafe(call) : replacementOf(call);
                if (replacement != null) {
                    method.instructions.set(call, replacement);
                    changed = true;
                } else if (makesHandlerThread(call)) {
                    method.instructions.set(call, staticCall(RuntimeNames.HANDLER_THREADS, "make", call.desc));
                    changed = true;
                } else if (call.owner.equals(VIRTUAL_THREADS) && call.name.startsWith("park")) {
                    parkAsLater(method, call);
                    changed = true;
                } else if (asksForTimerGroup(call)) {
                    method.instructions.set(
                            call,
                            staticCall(
                                    RuntimeNames.HANDLER_THREADS,
                                    "group",
                                    "(Ljava/lang/Object;)Ljava/lang/ThreadGroup;"));
                    changed = true;
                } else if (mayInheritSleep(call)) {
                    method.instructions.set(call, inheritedSleep(call));
                    changed = true;
                } else if (isDatagramReceive(call)) {
                    method.instructions.insert(call, staticCall(RuntimeNames.KERNEL_CALLS, "noData", "(I)I"));
                    changed = true;
                }
            } else if (insn instanceof InvokeDynamicInsnNode concat
                    && concat.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory")) {
                changed |= stringifyArguments(method, concat);
            }
            insn = next;
        }
        return changed;
    }

    /** Frames that park look the same in all versions, and can go from one to the other. */
    private static void parkAsLater(MethodNode method, MethodInsnNode call) {
        InsnList access = new InsnList();
        if (call.name.equals("parkUntil")) {
            access.add(staticCall(RuntimeNames.CLOCK, "nanosUntil", "(J)J"));
        }
        access.add(new InsnNode(Opcodes.ACONST_NULL));
        if (call.desc.startsWith("(J)")) {
            access.add(new InsnNode(Opcodes.DUP_X2));
            access.add(new InsnNode(Opcodes.POP));
        }
        method.instructions.insertBefore(call, access);
        method.instructions.set(
                call, staticCall(RuntimeNames.LEAVES, "park", "(L" + LANG_ACCESS + ";" + call.desc.substring(1)));
    }

    /** Calls of the JDK that block in the kernel are bracketed by methods of these names, or begin in them. */
    private static boolean startsOtherwise(String owner, MethodNode method) {
        if (owner.startsWith("sun/nio/ch/") && method.name.startsWith("end")) {
            method.instructions.insert(staticCall(RuntimeNames.KERNEL_CALLS, "leave", "()V"));
            return true;
        }
        if (owner.equals(DATAGRAMS) && method.name.equals("tryBlockingReceive") && method.desc.startsWith("(ZIJ)")) {
            InsnList code = new InsnList();
            code.add(new VarInsnNode(Opcodes.ALOAD, 0));
            code.add(new FieldInsnNode(Opcodes.GETFIELD, DATAGRAMS, "fd", "Ljava/io/FileDescriptor;"));
            code.add(new VarInsnNode(Opcodes.LLOAD, 3));
            code.add(staticCall(RuntimeNames.LEAVES, "awaitDatagram", "(Ljava/io/FileDescriptor;J)V"));
            method.instructions.insert(code);
            return true;
        }
        if (owner.equals(FILE_INPUT) && method.name.equals("read")) {
            InsnList code = new InsnList();
            code.add(new VarInsnNode(Opcodes.ALOAD, 0));
            code.add(staticCall(RuntimeNames.LEAVES, "awaitInput", "(L" + FILE_INPUT + ";)V"));
            method.instructions.insert(code);
            return true;
        }
        return false;
    }

    /** What programs allocate by {@code sun.misc.Unsafe} is counted; what the JDK does, by the class behind it, is not. */
    private static @Nullable MethodInsnNode replacementInUnsafe(MethodInsnNode call) {
        return call.owner.equals(JDK_UNSAFE) && MEMORY_CALLS.contains(call.name)
                ? staticCall(RuntimeNames.UNSAFE_MEMORY, call.name, "(L" + JDK_UNSAFE + ";" + call.desc.substring(1))
                : null;
    }

    /** Compilers name the class whose method calls {@code sleep} without saying whose. */
    private boolean mayInheritSleep(MethodInsnNode call) {
        return call.getOpcode() == Opcodes.INVOKESTATIC
                && call.owner.equals(owner)
                && call.name.equals(SLEEP)
                && STATIC_CALLS.containsKey(THREAD + "." + SLEEP + call.desc)
                && !ownSleeps.contains(call.desc)
                && (superName.equals(THREAD) || !JdkMethods.isJdk(superName));
    }

    /** Whether a class further above has a method of its own that is meant is only known when the call is linked. */
    private AbstractInsnNode inheritedSleep(MethodInsnNode call) {
        return superName.equals(THREAD)
                ? staticCall(RuntimeNames.LEAVES, SLEEP, call.desc)
                : new InvokeDynamicInsnNode(SLEEP, call.desc, RuntimeNames.INHERITED_SLEEP);
    }

    private static boolean isDatagramReceive(MethodInsnNode call) {
        return call.owner.equals(DATAGRAMS)
                && call.name.equals("receive")
                && call.desc.equals("(Ljava/nio/ByteBuffer;Z)I");
    }

    private static @Nullable MethodInsnNode replacementOf(MethodInsnNode call) {
        if (call.getOpcode() == Opcodes.INVOKESTATIC) {
            String owner = STATIC_CALLS.get(call.owner + "." + call.name + call.desc);
            return owner == null ? null : staticCall(owner, call.name, call.desc);
        }
        if (call.name.equals("wait") && WAITS.contains("wait" + call.desc)) {
            return staticCall(RuntimeNames.LEAVES, "wait", "(" + OBJECT + call.desc.substring(1));
        }
        if (call.owner.equals(JDK_UNSAFE) && call.name.equals("park")) {
            return staticCall(RuntimeNames.LEAVES, "park", "(Ljdk/internal/misc/Unsafe;ZJ)V");
        }
        if (call.owner.equals(LANG_ACCESS) && call.name.equals("parkVirtualThread")) {
            return staticCall(RuntimeNames.LEAVES, "park", "(L" + LANG_ACCESS + ";" + call.desc.substring(1));
        }
        if (call.owner.equals(METHOD_ACCESSOR)
                && call.name.equals("invoke")
                && call.desc.equals("(" + OBJECT + "[" + OBJECT + ")" + OBJECT)) {
            return staticCall(
                    RuntimeNames.PASS_THROUGH, "invoke", "(L" + METHOD_ACCESSOR + ";" + call.desc.substring(1));
        }
        if (call.owner.equals(CONSTRUCTOR_ACCESSOR)
                && call.name.equals("newInstance")
                && call.desc.equals("([" + OBJECT + ")" + OBJECT)) {
            return staticCall(
                    RuntimeNames.PASS_THROUGH,
                    "newInstance",
                    "(L" + CONSTRUCTOR_ACCESSOR + ";" + call.desc.substring(1));
        }
        return null;
    }

    private static MethodInsnNode staticCall(String owner, String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
    }

    /** A conversion inside the concatenation would stand under frames that cannot be captured; do it before. */
    private static boolean stringifyArguments(MethodNode method, InvokeDynamicInsnNode concat) {
        Type[] arguments = Type.getArgumentTypes(concat.desc);
        boolean foreign = false;
        for (Type argument : arguments) {
            foreign |= mayRunProgramCode(argument);
        }
        if (!foreign) {
            return false;
        }
        int[] locals = new int[arguments.length];
        InsnList code = new InsnList();
        for (int i = arguments.length - 1; i >= 0; i--) {
            locals[i] = method.maxLocals;
            method.maxLocals += arguments[i].getSize();
            code.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ISTORE), locals[i]));
        }
        Type string = Type.getObjectType("java/lang/String");
        for (int i = 0; i < arguments.length; i++) {
            code.add(new VarInsnNode(arguments[i].getOpcode(Opcodes.ILOAD), locals[i]));
            if (mayRunProgramCode(arguments[i])) {
                code.add(staticCall(RuntimeNames.PASS_THROUGH, "stringOf", "(" + OBJECT + ")Ljava/lang/String;"));
                arguments[i] = string;
            }
        }
        method.instructions.insertBefore(concat, code);
        concat.desc = Type.getMethodDescriptor(Type.getReturnType(concat.desc), arguments);
        return true;
    }

    private static boolean mayRunProgramCode(Type type) {
        return type.getSort() == Type.OBJECT && !PLAIN_TYPES.contains(type.getInternalName());
    }
}
