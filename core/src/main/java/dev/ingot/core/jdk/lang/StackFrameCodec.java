package dev.ingot.core.jdk.lang;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectCodec;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.StackWalker.StackFrame;
import org.jspecify.annotations.Nullable;

/**
 * Frames that a {@link StackWalker} has handed out and the program keeps, as Mockito does to tell where a mock was called. Which method
 * one is of stands there as the JVM writes it, by its address; all that can be asked of it afterwards is carried instead.
 */
final class StackFrameCodec implements ObjectCodec<StackFrame> {
    private static final Class<?> FRAME = JdkClass.of("java.lang.StackFrameInfo");

    private static final int OWNER = 0;
    private static final int NAME = 1;
    private static final int TYPE = 2;
    private static final int MODIFIERS = 3;
    private static final int INDEX = 4;
    private static final int TELLS_CLASS = 5;
    private static final int ELEMENT = 6;

    /** The bits of a member's flags that all JDKs give the same meaning. */
    private static final int MODIFIER_BITS = 0xFFFFFF;

    @Override
    public boolean accepts(Class<?> type) {
        return type == FRAME;
    }

    @Override
    public @Nullable Object[] capture(StackFrame frame) {
        @Nullable Object[] state = new @Nullable Object[ELEMENT + 1];
        state[OWNER] = Fields.DECLARING_CLASS.call(frame);
        state[NAME] = frame.getMethodName();
        state[ELEMENT] = frame.toStackTraceElement();
        state[INDEX] = Fields.INDEX.getInt(frame);
        if (Fields.MEMBER == null) {
            Flags.capture(frame, state);
        } else {
            Member.capture(frame, Fields.MEMBER, state);
        }
        return state;
    }

    @Override
    public void restore(StackFrame frame, @Nullable Object[] state) throws NotRestorableException {
        Parts parts = new Parts("stack frame", state);
        Fields.INDEX.put(frame, parts.get(INDEX, Integer.class));
        Fields.ELEMENT.put(frame, parts.get(ELEMENT, StackTraceElement.class));
        if (Fields.MEMBER == null) {
            Flags.restore(frame, parts);
        } else {
            Member.restore(frame, Fields.MEMBER, parts);
        }
    }

    /** Looked up when the first frame is met. */
    private static final class Fields {
        static final HiddenMethod DECLARING_CLASS = HiddenMethod.of(FRAME, "declaringClass");
        static final Slot INDEX = Slot.of(FRAME, "bci");
        static final Slot ELEMENT = Slot.of(FRAME, "ste");

        /** Later JDKs keep in the frame what they have found out of the member. */
        static final @Nullable Slot MEMBER = Slot.find(FRAME, "memberName");
    }

    /** Frames that know their method by a member of the JDK's, which is made of what is known of it. */
    private static final class Member {
        private static final Class<?> NAME_CLASS = JdkClass.of("java.lang.invoke.MemberName");
        // The type itself would be looked up by the program's loaders.
        private static final HiddenMethod DESCRIPTOR = HiddenMethod.of(NAME_CLASS, "getMethodDescriptor");
        private static final Slot TELLS = Slot.of(FRAME, "retainClassRef");

        static void capture(StackFrame frame, Slot place, @Nullable Object[] state) {
            Object member = place.get(frame);
            state[TYPE] = DESCRIPTOR.call(member);
            state[MODIFIERS] = slot("flags").getInt(member) & MODIFIER_BITS;
            state[TELLS_CLASS] = TELLS.getBoolean(frame);
        }

        static void restore(StackFrame frame, Slot place, Parts parts) throws NotRestorableException {
            Object member = JdkClass.allocate(NAME_CLASS);
            slot("clazz").put(member, parts.get(OWNER, Class.class));
            slot("name").put(member, parts.get(NAME, String.class));
            slot("type").put(member, parts.get(TYPE, Object.class));
            slot("flags").put(member, parts.get(MODIFIERS, Integer.class));
            place.put(frame, member);
            TELLS.put(frame, parts.get(TELLS_CLASS, Boolean.class));
        }

        private static Slot slot(String name) {
            return Slot.of(NAME_CLASS, name);
        }
    }

    /** Frames that know it themselves, and their class by what else the JVM noted. */
    private static final class Flags {
        private static final int TELLS = 0x8000000;
        private static final Class<?> BASE = FRAME.getSuperclass();
        private static final Slot FLAGS = Slot.of(BASE, "flags");
        private static final Slot METHOD = Slot.of(BASE, "classOrMemberName");
        private static final Slot METHOD_OWNER = Slot.of("java.lang.invoke.ResolvedMethodName", "vmholder");

        static void capture(StackFrame frame, @Nullable Object[] state) {
            int flags = FLAGS.getInt(frame);
            state[TYPE] = slot("type").get(frame);
            state[MODIFIERS] = flags & MODIFIER_BITS;
            state[TELLS_CLASS] = (flags & TELLS) != 0;
        }

        static void restore(StackFrame frame, Parts parts) throws NotRestorableException {
            Object method = JdkClass.allocate(JdkClass.of("java.lang.invoke.ResolvedMethodName"));
            METHOD_OWNER.put(method, parts.get(OWNER, Class.class));
            METHOD.put(frame, method);
            slot("name").put(frame, parts.get(NAME, String.class));
            slot("type").put(frame, parts.get(TYPE, Object.class));
            FLAGS.put(frame, parts.get(MODIFIERS, Integer.class) | (parts.get(TELLS_CLASS, Boolean.class) ? TELLS : 0));
        }

        private static Slot slot(String name) {
            return Slot.of(FRAME, name);
        }
    }
}
