package dev.ingot.core.jdk.invoke;

import dev.ingot.core.heap.NotCapturableException;
import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.JdkClass;
import dev.ingot.core.jdk.access.Parts;
import dev.ingot.core.jdk.access.Slot;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Method handles that stand for one member, and those for methods that ask who calls them, which are bound to a caller. */
final class MethodHandleResolver implements ObjectResolver<MethodHandle> {
    private static final int KIND = 0;
    private static final int OWNER = 1;
    private static final int NAME = 2;
    private static final int MEMBER_TYPE = 3;
    private static final int TYPE = 4;
    private static final int CALLER = 5;
    private static final int REVEALED = 6;

    static final String DIRECT = "java.lang.invoke.DirectMethodHandle";
    private static final String SPECIAL = DIRECT + "$Special";
    private static final String BOUND_TO_CALLER = "java.lang.invoke.MethodHandleImpl$WrappedMember";
    private static final Slot CALLER_OF_SPECIAL = Slot.of(SPECIAL, "caller");
    private static final Slot CALLER_OF_BOUND = Slot.of(BOUND_TO_CALLER, "callerClass");
    private static final Slot REVEALED_FIELD = Slot.of(DIRECT, "crackable");
    private static final HiddenMethod IS_SPECIAL = HiddenMethod.of(MethodHandle.class, "isInvokeSpecial");
    private static final HiddenMethod MEMBER = HiddenMethod.of(MethodHandle.class, "internalMemberName");
    private static final HiddenMethod VIEW =
            HiddenMethod.of(MethodHandle.class, "viewAsType", MethodType.class, boolean.class);

    @Override
    public boolean accepts(Class<?> type) {
        return JdkClass.isSubtype(type, DIRECT) || type.getName().equals(BOUND_TO_CALLER);
    }

    @Override
    public @Nullable Object[] describe(MethodHandle handle) throws NotCapturableException {
        Object member = MEMBER.call(handle);
        if (member == null) {
            throw new NotCapturableException("cannot capture the method handle " + handle
                    + ": it stands for no member of a class; let go of it before the checkpoint");
        }
        MethodHandleInfo info = Members.info(member, Boolean.TRUE.equals(IS_SPECIAL.call(handle)));
        boolean direct = JdkClass.isSubtype(handle.getClass(), DIRECT);
        return new @Nullable Object[] {
            info.getReferenceKind(),
            info.getDeclaringClass(),
            info.getName(),
            info.getMethodType(),
            handle.type(),
            caller(handle),
            direct ? REVEALED_FIELD.getBoolean(handle) : true
        };
    }

    private static @Nullable Object caller(MethodHandle handle) {
        String type = handle.getClass().getName();
        if (type.equals(SPECIAL)) {
            return CALLER_OF_SPECIAL.get(handle);
        }
        return type.equals(BOUND_TO_CALLER) ? CALLER_OF_BOUND.get(handle) : null;
    }

    @Override
    public MethodHandle resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("method handle", description);
        MethodType handleType = parts.get(TYPE, MethodType.class);
        try {
            // Whether the last arguments are collected is another handle's business.
            MethodHandle found = find(parts, handleType).asFixedArity();
            return found.type().equals(handleType)
                    ? found
                    : view(found, handleType, parts.get(REVEALED, Boolean.class));
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

    private static MethodHandle find(Parts parts, MethodType handleType)
            throws NotRestorableException, ReflectiveOperationException {
        Class<?> caller = parts.find(CALLER, Class.class);
        Lookup lookup =
                caller == null ? TrustedLookup.get() : TrustedLookup.get().in(caller);
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
                special(owner, name, type, caller == null ? handleType.parameterType(0) : caller);
            case MethodHandleInfo.REF_newInvokeSpecial -> lookup.findConstructor(owner, type);
            default ->
                throw new NotRestorableException("cannot restore a method handle of kind " + kind
                        + ": there is none; the image is damaged, take another");
        };
    }

    /**
     * A default method that {@code caller} inherits can only be called so by way of the interface that it names itself, as proxies do; the
     * handle tells where the method is declared.
     */
    private static MethodHandle special(Class<?> owner, String name, MethodType type, Class<?> caller)
            throws ReflectiveOperationException {
        List<Class<?>> named = List.of(caller.getInterfaces());
        if (owner.isInterface() && owner != caller && !named.contains(owner)) {
            for (Class<?> way : named) {
                if (owner.isAssignableFrom(way)) {
                    return TrustedLookup.get().findSpecial(way, name, type, caller);
                }
            }
        }
        return TrustedLookup.get().findSpecial(owner, name, type, caller);
    }

    /** The JDK's own way to give a handle another type, where both need the same code. */
    private static MethodHandle view(MethodHandle found, MethodType type, boolean revealed) {
        if (!JdkClass.isSubtype(found.getClass(), DIRECT)) {
            return found.asType(type);
        }
        MethodHandle view = (MethodHandle) java.util.Objects.requireNonNull(VIEW.call(found, type, false));
        REVEALED_FIELD.put(view, revealed);
        return view;
    }
}
