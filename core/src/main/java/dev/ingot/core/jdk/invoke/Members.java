package dev.ingot.core.jdk.invoke;

import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles.Lookup;

/** The JDK's own references to members. */
final class Members {
    private static final Class<?> NAME = JdkClass.of("java.lang.invoke.MemberName");
    private static final HiddenMethod KIND = HiddenMethod.of(NAME, "getReferenceKind");
    private static final HiddenMethod DECLARING_CLASS = HiddenMethod.of(NAME, "getDeclaringClass");
    private static final HiddenMethod INFO = HiddenMethod.constructor(
            JdkClass.of("java.lang.invoke.InfoFromMemberName"), Lookup.class, NAME, byte.class);

    private Members() {}

    /**
     * What is known of {@code member}, as {@link Lookup#revealDirect} tells it, which however asks for rights that a handle may
     * have given up.
     *
     * @param special whether it is called as the superclass' method is; a method that nobody can override looks the same
     */
    static MethodHandleInfo info(Object member, boolean special) {
        byte kind = (byte) java.util.Objects.requireNonNull(KIND.call(member));
        if (kind == MethodHandleInfo.REF_invokeSpecial && !special) {
            kind = MethodHandleInfo.REF_invokeVirtual;
        }
        Class<?> owner = (Class<?>) java.util.Objects.requireNonNull(DECLARING_CLASS.call(member));
        if (kind == MethodHandleInfo.REF_invokeVirtual && owner.isInterface()) {
            kind = MethodHandleInfo.REF_invokeInterface;
        }
        return (MethodHandleInfo) INFO.make(TrustedLookup.get(), member, kind);
    }
}
