package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * How a frame's call through method handles leads to the frame above it when the stack is built again.
 *
 * <p>The frames of compiled method handles between the two are of three kinds. One that <em>repeats</em> has done nothing yet but
 * what may be done again. One in <em>tail</em> position has nothing left to do but to return what it gets. Some are both. A
 * frame that repeats but is not in tail position saves, as the signal passes it, the handle it belongs to and the arguments.
 *
 * <p>So all may repeat, and the call is repeated; or all are in tail position, and the method above is called at once; or,
 * seen from the caller, some in tail position come first, then one that has saved itself, then only such as repeat: then the
 * saved handle is called with the arguments it had. If, above the one that has saved itself, all are in tail position, it calls the method
 * above in place of the handle it had called, such as one that has already filtered its arguments.
 */
final class HandlePassage {
    /** The call is repeated as it was. */
    static final int NONE = 0;
    /** The method of the next frame is called. */
    static final int DIRECT = 1;
    /** The handle that was saved last is called. */
    static final int SAVED = 2;
    /** The handle that was saved last is called, and calls the method of the next frame in place of the handle it called. */
    static final int SAVED_DIRECT = 3;
    /** The frames allow nothing of that. */
    static final int REFUSED = -1;

    static final MethodHandles.Lookup TRUSTED = trusted();

    private HandlePassage() {}

    /** Whether a passage takes the handle that was saved last. */
    static boolean isSaved(int passage) {
        return passage == SAVED || passage == SAVED_DIRECT;
    }

    /** Takes the frames between two frames of the program, the upper ones first. */
    static final class Scan {
        private boolean repeats = true;
        /** Whether those repeat that lie above the last invocation of a handle whose making is the program's affair. */
        private boolean repeatsAbove = true;

        private boolean tail = true;
        /** What can be done with the handle that was saved last, {@link #REFUSED} if nothing or if there is none. */
        private int saved = REFUSED;

        void add(int call) {
            boolean callIsTail = call == ClassSites.TAIL || call == ClassSites.REPLAY_TAIL;
            saved = callIsTail ? saved : savedBy(call);
            repeats &= call != ClassSites.TAIL;
            tail &= callIsTail;
        }

        private int savedBy(int call) {
            if (repeats && (call == ClassSites.SAVED_REPLAY || call == ClassSites.SAVED_WITH_TARGET)) {
                return SAVED;
            }
            return tail && call == ClassSites.SAVED_WITH_TARGET ? SAVED_DIRECT : REFUSED;
        }

        /** The handle whose frames were added last was invoked with arguments from an array. */
        void addInvocation() {
            add(ClassSites.REPLAY_TAIL);
            repeatsAbove = repeats;
        }

        /**
         * The handle whose frames were added last carries out a reflected call: what it does besides are conversions of the
         * arguments, which may be done again, and of the result.
         */
        void addAccessor() {
            repeats = repeatsAbove;
            add(ClassSites.REPLAY);
        }

        void clear() {
            repeats = true;
            repeatsAbove = true;
            tail = true;
            saved = REFUSED;
        }

        boolean repeats() {
            return repeats;
        }

        int result(boolean leadsToMethod) {
            if (tail && leadsToMethod) {
                return DIRECT;
            }
            if (saved == SAVED || (saved == SAVED_DIRECT && leadsToMethod)) {
                return saved;
            }
            return repeats ? NONE : REFUSED;
        }
    }

    /** A handle of {@code type} that ignores its arguments and leads to the frame after {@code frame}, which is being rebuilt. */
    static MethodHandle handle(ThreadSlot slot, FrameRecord frame, MethodType type) {
        MethodHandle way = switch (frame.passage()) {
            case SAVED -> frame.passedHandle().again();
            case SAVED_DIRECT -> frame.passedHandle().calling(method(slot));
            default -> method(slot);
        };
        return ignoringArguments(way, type);
    }

    /** {@code handle}, which takes none, with arguments and result of {@code type}. */
    static MethodHandle ignoringArguments(MethodHandle handle, MethodType type) {
        MethodHandle ready = MethodHandles.explicitCastArguments(handle, MethodType.methodType(type.returnType()));
        return MethodHandles.dropArguments(ready, 0, type.parameterList());
    }

    private static MethodHandle method(ThreadSlot slot) {
        Safepoint.beforeCallee(slot);
        FrameRecord next = slot.nextFrame();
        if (next == null) {
            throw new IllegalStateException("no frame left to rebuild in thread " + slot.thread.getName());
        }
        int parameters = next.method().indexOf('(');
        String name = next.method().substring(0, parameters);
        Class<?> owner = next.owner();
        MethodType type =
                MethodType.fromMethodDescriptorString(next.method().substring(parameters), owner.getClassLoader());
        Object receiver = next.receiver();
        try {
            MethodHandle method = receiver == null
                    ? TRUSTED.findStatic(owner, name, type).asFixedArity()
                    : TRUSTED.findSpecial(owner, name, type, owner)
                            .asFixedArity()
                            .bindTo(receiver);
            return MethodHandles.insertArguments(method, 0, defaults(type));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot call " + owner.getName() + "." + next.method() + " again", e);
        }
    }

    private static @Nullable Object[] defaults(MethodType type) {
        @Nullable Object[] defaults = new @Nullable Object[type.parameterCount()];
        for (int index = 0; index < defaults.length; index++) {
            Class<?> parameter = type.parameterType(index);
            defaults[index] = parameter.isPrimitive() ? primitive(parameter, 0) : null;
        }
        return defaults;
    }

    /** {@code value} as one of a primitive type. */
    static Object primitive(Class<?> type, int value) {
        if (type == boolean.class) {
            return (value & 1) != 0;
        }
        if (type == byte.class) {
            return (byte) value;
        }
        if (type == char.class) {
            return (char) value;
        }
        if (type == short.class) {
            return (short) value;
        }
        if (type == long.class) {
            return (long) value;
        }
        if (type == float.class) {
            return (float) value;
        }
        if (type == double.class) {
            return (double) value;
        }
        return value;
    }

    private static MethodHandles.Lookup trusted() {
        try {
            Field field = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
            Unsafe unsafe = Unsafe.getUnsafe();
            return (MethodHandles.Lookup)
                    unsafe.getReference(unsafe.staticFieldBase(field), unsafe.staticFieldOffset(field));
        } catch (NoSuchFieldException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
