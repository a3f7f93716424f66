package dev.ingot.runtime;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Puts the methods of interfaces in an order of their own when a proxy class is generated, which numbers its fields in that order. The
 * JVM lists methods in the order of addresses, which differs from process to process, so that what an image has of a
 * proxy class would not fit the same class elsewhere.
 */
public final class ProxyMethods {
    private ProxyMethods() {}

    /** In place of {@link Class#getMethods}. */
    public static Method[] getMethods(Class<?> type) {
        Method[] methods = type.getMethods();
        Arrays.sort(methods, new Order());
        return methods;
    }

    private static final class Order implements Comparator<Method> {
        @Override
        public int compare(Method first, Method second) {
            int order = first.getName().compareTo(second.getName());
            return order != 0 ? order : signature(first).compareTo(signature(second));
        }

        private static String signature(Method method) {
            StringBuilder signature =
                    new StringBuilder(method.getDeclaringClass().getName());
            for (Class<?> parameter : method.getParameterTypes()) {
                signature.append(',').append(parameter.getName());
            }
            return signature
                    .append(':')
                    .append(method.getReturnType().getName())
                    .toString();
        }
    }
}
