package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;

/**
 * Handles of a member to which one object was bound, by {@code bindTo} or {@code insertArguments}. All versions of the JDK have such a handle
 * keep the other one and the object, and each puts them together again, so these go anywhere.
 */
final class BoundArgument {
    private static final String BOUND = "java.lang.invoke.BoundMethodHandle";
    private static final HiddenMethod COUNT = HiddenMethod.of(JdkClass.of(BOUND), "fieldCount");
    private static final HiddenMethod KEPT = HiddenMethod.of(JdkClass.of(BOUND), "arg", int.class);
    private static final Slot FORM = Slot.of(MethodHandle.class, "form");
    private static final int TARGET = 0;
    private static final int ARGUMENT = 1;
    private static final int BOTH = 2;

    private BoundArgument() {}

    /** Which argument of the handle of a member is bound; negative if {@code handle} is none of these. */
    static int position(MethodHandle handle) {
        if (!JdkClass.isSubtype(handle.getClass(), BOUND)
                || !Integer.valueOf(BOTH).equals(COUNT.call(handle))
                || !(KEPT.call(handle, TARGET) instanceof MethodHandle target)
                || !JdkClass.isSubtype(target.getClass(), MethodHandleResolver.DIRECT)) {
            return -1;
        }
        Object argument = KEPT.call(handle, ARGUMENT);
        MethodType type = target.type();
        for (int position = 0; position < type.parameterCount(); position++) {
            Class<?> parameter = type.parameterType(position);
            boolean mayBe = !parameter.isPrimitive()
                    && (argument == null || parameter.isInstance(argument))
                    && type.dropParameterTypes(position, position + 1).equals(handle.type());
            // Other compositions keep a handle and an object too; what does the same has the same form.
            if (mayBe && isLike(handle, MethodHandles.insertArguments(target, position, argument))) {
                return position;
            }
        }
        return -1;
    }

    private static boolean isLike(MethodHandle handle, MethodHandle made) {
        return made.getClass() == handle.getClass()
                && LambdaFormCodec.shared(FORM.get(made)) == LambdaFormCodec.shared(FORM.get(handle));
    }

    /**
     * A handle that does what {@code handle} is to do, whose own fields are there already.
     *
     * @throws NotRestorableException if this JDK keeps such handles otherwise
     */
    static MethodHandle like(MethodHandle handle, int position) throws NotRestorableException {
        MethodHandle target = (MethodHandle) Objects.requireNonNull(KEPT.call(handle, TARGET));
        MethodHandle made;
        try {
            made = MethodHandles.insertArguments(target, position, KEPT.call(handle, ARGUMENT));
        } catch (IllegalArgumentException | ClassCastException misfit) {
            throw new NotRestorableException(
                    "cannot restore a method handle to which an object is bound: " + misfit.getMessage()
                            + "; the image is damaged, take another",
                    misfit);
        }
        if (made.getClass() != handle.getClass()) {
            throw new NotRestorableException("cannot restore the method handle " + made.type()
                    + ", to which an object is bound: this JDK keeps it in a "
                    + made.getClass().getName()
                    + "; resume on the JDK version the image was taken on");
        }
        return made;
    }
}
