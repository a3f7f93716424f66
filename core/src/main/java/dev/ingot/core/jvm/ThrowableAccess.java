package dev.ingot.core.jvm;

import java.lang.invoke.MethodHandle;

/** The stack trace of a throwable, which the JVM keeps in a form of its own until someone asks. */
public final class ThrowableAccess {
    private static final MethodHandle OUR_STACK_TRACE =
            TrustedLookup.method(Throwable.class, "getOurStackTrace", StackTraceElement[].class);
    private static final long STACK_TRACE = DeclaredFields.offset(Throwable.class, "stackTrace");

    private ThrowableAccess() {}

    /** Makes the field {@code stackTrace} hold what the JVM recorded; runs no code of a subclass. */
    public static void materializeStackTrace(Throwable throwable) {
        try {
            StackTraceElement[] trace = (StackTraceElement[]) OUR_STACK_TRACE.invokeExact(throwable);
            if (Memory.UNSAFE.getReference(throwable, STACK_TRACE) != null) {
                Memory.UNSAFE.putReference(throwable, STACK_TRACE, trace);
            }
        } catch (Throwable failure) {
            throw TrustedLookup.failed(
                    "read the stack trace of a " + throwable.getClass().getName(), failure);
        }
    }
}
