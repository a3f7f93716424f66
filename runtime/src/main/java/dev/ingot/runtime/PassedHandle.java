package dev.ingot.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * A compiled method handle whose frame was unwound, with its arguments, among which small primitives are ints. Part of the image.
 */
final class PassedHandle {
    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private final MethodHandle handle;
    private final @Nullable Object[] arguments;
    private final @Nullable String target;

    /** @param target the field of the handle that holds the handle it had called, if that is known */
    PassedHandle(MethodHandle handle, @Nullable Object[] arguments, @Nullable String target) {
        this.handle = handle;
        this.arguments = arguments;
        this.target = target;
    }

    /** Takes no arguments and does what the handle did. */
    MethodHandle again() {
        return bound(handle);
    }

    /**
     * The same, but where the handle called another one, {@code instead} is called without arguments. The JDK makes such copies
     * itself for handles with other bound values; the form that says what is done with these values is the same in both.
     */
    MethodHandle calling(MethodHandle instead) {
        if (target == null) {
            throw new IllegalStateException("it is not known what " + handle + " had called");
        }
        long field = UNSAFE.objectFieldOffset(handle.getClass(), target);
        MethodHandle replaced = (MethodHandle) UNSAFE.getReference(handle, field);
        MethodHandle copy = copy();
        UNSAFE.putReference(copy, field, HandlePassage.ignoringArguments(instead, replaced.type()));
        return bound(copy);
    }

    private MethodHandle copy() {
        try {
            Class<?> form = Class.forName("java.lang.invoke.LambdaForm");
            // One that was compiled for this very handle has its values as constants.
            Object general = HandlePassage.TRUSTED
                    .findVirtual(form, "uncustomize", MethodType.methodType(form))
                    .invoke(HandlePassage.TRUSTED
                            .findGetter(MethodHandle.class, "form", form)
                            .invoke(handle));
            return (MethodHandle) HandlePassage.TRUSTED
                    .findVirtual(
                            MethodHandle.class,
                            "copyWith",
                            MethodType.methodType(MethodHandle.class, MethodType.class, form))
                    .invoke(handle, handle.type(), general);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot copy method handle " + handle, failure);
        }
    }

    private MethodHandle bound(MethodHandle called) {
        MethodHandle fixed = called.asFixedArity();
        @Nullable Object[] exact = arguments.clone();
        for (int index = 0; index < exact.length; index++) {
            Class<?> type = fixed.type().parameterType(index);
            if (type.isPrimitive() && exact[index] instanceof Integer number) {
                exact[index] = HandlePassage.primitive(type, number);
            }
        }
        return MethodHandles.insertArguments(fixed, 0, exact);
    }
}
