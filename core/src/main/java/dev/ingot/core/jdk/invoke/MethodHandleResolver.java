package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.Parts;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Method handles that stand for one member, with or without collection of variable arguments. Handles put together from
 * others are code that only this JVM knows; they are refused.
 */
final class MethodHandleResolver implements ObjectResolver<MethodHandle> {
    private static final int KIND = 0;
    private static final int OWNER = 1;
    private static final int NAME = 2;
    private static final int MEMBER_TYPE = 3;
    private static final int TYPE = 4;
    private static final int VARIABLE_ARGUMENTS = 5;

    @Override
    public boolean accepts(Class<?> type) {
        return MethodHandle.class.isAssignableFrom(type);
    }

    @Override
    public Object[] describe(MethodHandle handle) throws NotCapturableException {
        MethodHandleInfo member = reveal(handle);
        return new Object[] {
            member.getReferenceKind(),
            member.getDeclaringClass(),
            member.getName(),
            member.getMethodType(),
            handle.type(),
            handle.isVarargsCollector()
        };
    }

    @Override
    public MethodHandle resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("method handle", description);
        MethodType handleType = parts.get(TYPE, MethodType.class);
        try {
            MethodHandle found = find(parts, handleType);
            return adapt(found, handleType, parts.get(VARIABLE_ARGUMENTS, Boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new NotRestorableException(
                    "cannot restore the method handle to "
                            + parts.get(OWNER, Class.class).getName() + '.'
                            + parts.get(NAME, String.class) + parts.get(MEMBER_TYPE, MethodType.class)
                            + ", which the program holds: " + e.getMessage()
                            + "; resume with the same class path and JDK",
                    e);
        }
    }

    private static MethodHandleInfo reveal(MethodHandle handle) throws NotCapturableException {
        try {
            return TrustedLookup.get().revealDirect(handle);
        } catch (IllegalArgumentException e) {
            throw new NotCapturableException(
                    "cannot capture the method handle " + handle.type()
                            + ": it is bound to values or put together from other"
                            + " handles, which only this JVM knows; hold a lambda or the handle to the member itself instead",
                    e);
        }
    }

    private static MethodHandle find(Parts parts, MethodType handleType)
            throws NotRestorableException, ReflectiveOperationException {
        Lookup lookup = TrustedLookup.get();
        Class<?> owner = parts.get(OWNER, Class.class);
        String name = parts.get(NAME, String.class);
        MethodType type = parts.get(MEMBER_TYPE, MethodType.class);
        int kind = parts.get(KIND, Integer.class);
        return switch (kind) {
            case MethodHandleInfo.REF_getField -> lookup.findGetter(owner, name, type.returnType());
            case MethodHandleInfo.REF_putField -> lookup.findSetter(owner, name, type.parameterType(0));
            case MethodHandleInfo.REF_getStatic -> lookup.findStaticGetter(owner, name, type.returnType());
            case MethodHandleInfo.REF_putStatic -> lookup.findStaticSetter(owner, name, type.parameterType(0));
            case MethodHandleInfo.REF_invokeStatic -> lookup.findStatic(owner, name, type);
            case MethodHandleInfo.REF_invokeVirtual, MethodHandleInfo.REF_invokeInterface ->
                lookup.findVirtual(owner, name, type);
            case MethodHandleInfo.REF_invokeSpecial ->
                lookup.findSpecial(owner, name, type, handleType.parameterType(0));
            case MethodHandleInfo.REF_newInvokeSpecial -> lookup.findConstructor(owner, type);
            default ->
                throw new NotRestorableException("cannot restore a method handle of kind " + kind
                        + ": there is none; the image is damaged, take another");
        };
    }

    private static MethodHandle adapt(MethodHandle found, MethodType type, boolean variableArguments) {
        MethodHandle collecting = variableArguments ? found : found.asFixedArity();
        return collecting.type().equals(type) ? collecting : collecting.asType(type);
    }
}
