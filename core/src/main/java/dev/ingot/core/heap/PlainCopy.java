package dev.ingot.core.heap;

import dev.ingot.core.jvm.LoaderAccess;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.AccessibleObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which classes and fields may be copied field by field: not those through which the JVM keeps state of its own. */
final class PlainCopy {
    /** Type to remedy. */
    private static final Map<Class<?>, String> REFUSED = Map.of(
            Class.class, "it stands for a class",
            Thread.class, "a thread needs a codec",
            ThreadGroup.class, "a thread group needs a codec",
            Module.class, "only modules of the boot layer and unnamed modules can be part of an image",
            ModuleLayer.class, "only the boot layer can be part of an image",
            MethodHandle.class, "a method handle needs a resolver",
            VarHandle.class, "a variable handle needs a resolver",
            CallSite.class, "a call site needs a resolver",
            AccessibleObject.class, "a reflected member needs a resolver",
            Process.class, "a child process cannot move; wait for it to end before the checkpoint");

    private PlainCopy() {}

    /** Why objects of {@code type} cannot be copied field by field, or null if they can. */
    static @Nullable String refusal(Class<?> type) {
        for (Class<?> ancestor = type; ancestor != null; ancestor = ancestor.getSuperclass()) {
            String refusal = REFUSED.get(ancestor);
            if (refusal != null) {
                return refusal;
            }
        }
        return isPrivateToJvm(type) ? "it is private to the JVM and needs a resolver or a codec" : null;
    }

    /** Whether the field is left to the JVM. */
    static boolean isOmitted(Class<?> declaring, String field) {
        if (declaring == ClassLoader.class) {
            return LoaderAccess.isRenewed(field);
        }
        return (declaring == Throwable.class && field.equals("backtrace"))
                // Later JDKs cache the identity hash code there.
                || (declaring == Enum.class && field.equals("hash"))
                // It is there to compute the format, and stays in elements of which the JVM has computed none.
                || (declaring == StackTraceElement.class && field.equals("declaringClassObject"))
                || (declaring == Reference.class && field.equals("discovered"));
    }

    private static boolean isPrivateToJvm(Class<?> type) {
        String name = type.getName();
        return type.getClassLoader() == null
                && !type.isArray()
                && (name.startsWith("java.lang.invoke.MemberName")
                        || name.startsWith("java.lang.invoke.LambdaForm")
                        || name.startsWith("java.lang.invoke.ResolvedMethodName")
                        || name.startsWith("java.lang.StackFrameInfo")
                        || name.startsWith("jdk.internal.vm."));
    }
}
