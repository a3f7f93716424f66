package dev.ingot.runtime;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Links calls of a static {@code sleep} that a class has from its superclasses: that of {@code Thread}, or one of the program. */
public final class InheritedSleep {
    private InheritedSleep() {}

    /**
     * Links one call.
     *
     * @throws ReflectiveOperationException if there is no such method, as the call itself would be refused
     */
    public static CallSite link(MethodHandles.Lookup caller, String name, MethodType type)
            throws ReflectiveOperationException {
        MethodHandle inherited = caller.findStatic(caller.lookupClass(), name, type);
        boolean ofThread = caller.revealDirect(inherited).getDeclaringClass() == Thread.class;
        return new ConstantCallSite(ofThread ? MethodHandles.lookup().findStatic(Leaves.class, name, type) : inherited);
    }
}
