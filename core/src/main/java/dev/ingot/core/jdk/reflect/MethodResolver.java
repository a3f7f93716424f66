package dev.ingot.core.jdk.reflect;

import dev.ingot.core.heap.NotRestorableException;
import dev.ingot.core.heap.ObjectResolver;
import dev.ingot.core.jdk.access.HiddenMethod;
import dev.ingot.core.jdk.access.Parts;
import java.lang.reflect.Method;
import java.util.Arrays;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/** Methods by class, name, parameter types and return type, with their accessible flag. */
final class MethodResolver implements ObjectResolver<Method> {

    @Override
    public boolean accepts(Class<?> type) {
        return type == Method.class;
    }

    @Override
    public Object[] describe(Method method) {
        return new Object[] {
            method.getDeclaringClass(),
            method.getName(),
            method.getParameterTypes(),
            method.getReturnType(),
            HiddenMethod.isAccessible(method)
        };
    }

    @Override
    public Method resolve(Class<?> type, @Nullable Object[] description) throws NotRestorableException {
        Parts parts = new Parts("method", description);
        Class<?> owner = parts.get(0, Class.class);
        Method method = find(owner, parts.get(1, String.class), parts.classes(2), parts.get(3, Class.class));
        HiddenMethod.setAccessible(method, parts.get(4, Boolean.class));
        return method;
    }

    /**
     * Public methods first: the JVM then loads the types in the signatures of public methods only, as it did for a program that
     * asked for no others. Those of other methods may not even be on the class path.
     */
    private static Method find(Class<?> owner, String name, Class<?>[] parameters, Class<?> result)
            throws NotRestorableException {
        for (Method method : SharedSecrets.getJavaLangAccess().getDeclaredPublicMethods(owner, name, parameters)) {
            if (method.getReturnType() == result) {
                return method;
            }
        }
        try {
            Method declared = owner.getDeclaredMethod(name, parameters);
            return declared.getReturnType() == result ? declared : findBridge(owner, name, parameters, result);
        } catch (NoSuchMethodException absent) {
            throw missing(owner, name, parameters, result);
        }
    }

    /** Methods that differ in the return type alone: one overrides with a narrower type, the other calls it. */
    private static Method findBridge(Class<?> owner, String name, Class<?>[] parameters, Class<?> result)
            throws NotRestorableException {
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getReturnType() == result
                    && method.getName().equals(name)
                    && Arrays.equals(method.getParameterTypes(), parameters)) {
                return method;
            }
        }
        throw missing(owner, name, parameters, result);
    }

    private static NotRestorableException missing(Class<?> owner, String name, Class<?>[] parameters, Class<?> result) {
        return new NotRestorableException(
                "cannot restore the method " + result.getTypeName() + ' ' + owner.getName() + '.'
                        + name + Arrays.toString(parameters)
                        + ", which the program holds: the class has no such method in this JVM; resume with the same class path and JDK");
    }
}
