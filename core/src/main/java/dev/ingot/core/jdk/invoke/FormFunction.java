package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import dev.ingot.core.jvm.BoundSpecies;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a name of a lambda form calls: any handle, a value that the handle is bound to, or a method handle it is given. */
final class FormFunction {
    static final Class<?> TYPE = JdkClass.of("java.lang.invoke.LambdaForm$NamedFunction");
    private static final Class<?> MEMBER_NAME = JdkClass.of("java.lang.invoke.MemberName");
    private static final Class<?> SPECIES = JdkClass.of("java.lang.invoke.ClassSpecializer$SpeciesData");
    private static final Slot MEMBER = Slot.of(TYPE, "member");
    private static final HiddenMethod HANDLE = HiddenMethod.of(TYPE, "resolvedHandle");
    private static final HiddenMethod OF_HANDLE = HiddenMethod.constructor(TYPE, MethodHandle.class);
    private static final HiddenMethod OF_BASIC_TYPE = HiddenMethod.constructor(TYPE, MethodType.class);
    private static final HiddenMethod DECLARING = HiddenMethod.of(MEMBER_NAME, "getDeclaringClass");
    private static final HiddenMethod NAME = HiddenMethod.of(MEMBER_NAME, "getName");
    private static final HiddenMethod METHOD_TYPE = HiddenMethod.of(MEMBER_NAME, "getMethodType");
    private static final HiddenMethod KEY = HiddenMethod.of(SPECIES, "key");
    private static final HiddenMethod COUNT = HiddenMethod.of(SPECIES, "fieldCount");
    private static final HiddenMethod GETTER = HiddenMethod.of(SPECIES, "getterFunction", int.class);
    private static final String BOUND = "java.lang.invoke.BoundMethodHandle";

    private static final int CALLED = 0;
    private static final int NUMBER = 1;

    private FormFunction() {}

    /** One part: the handle called, or the basic type of the handle given; two: the species and the number of a bound value. */
    static Object[] describe(Object function) throws NotCapturableException {
        Object member = MEMBER.get(function);
        Class<?> owner = member == null ? null : (Class<?>) DECLARING.call(member);
        if (owner != null && JdkClass.isSubtype(owner, BOUND)) {
            Object[] bound = boundValue(owner, function);
            if (bound != null) {
                return bound;
            }
        }
        if (owner == MethodHandle.class && "invokeBasic".equals(NAME.call(member))) {
            return new Object[] {present(METHOD_TYPE.call(member), function)};
        }
        return new Object[] {present(HANDLE.call(function), function)};
    }

    /** The JDK compares functions that read bound values by identity, so they are named by what they read. */
    private static Object @Nullable [] boundValue(Class<?> owner, Object function) {
        Slot species = Slot.find(owner, "BMH_SPECIES");
        Object data = species == null ? null : species.get(null);
        if (data == null) {
            return null;
        }
        int values = (int) Objects.requireNonNull(COUNT.call(data));
        for (int number = 0; number < values; number++) {
            if (function.equals(getter(data, number))) {
                return new Object[] {Objects.requireNonNull(KEY.call(data)), number};
            }
        }
        return null;
    }

    private static @Nullable Object getter(Object species, int number) {
        return GETTER.call(species, number);
    }

    /** The function that {@code described} describes. */
    static Object make(Object[] described) throws NotRestorableException {
        Parts parts = new Parts("lambda form", described);
        Object called = parts.get(CALLED, Object.class);
        if (called instanceof String key) {
            return Objects.requireNonNull(getter(BoundSpecies.dataOf(key), parts.get(NUMBER, Integer.class)));
        }
        return called instanceof MethodType basic
                ? OF_BASIC_TYPE.make(basic)
                : OF_HANDLE.make(parts.get(CALLED, MethodHandle.class));
    }

    private static Object present(@Nullable Object called, Object function) throws NotCapturableException {
        if (called == null) {
            throw new NotCapturableException("cannot capture a method handle: nobody knows what its code calls as "
                    + function + "; Ingot knows the class libraries of JDK 17 to 25");
        }
        return called;
    }
}
