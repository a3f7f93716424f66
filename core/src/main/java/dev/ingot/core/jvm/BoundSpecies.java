package dev.ingot.core.jvm;

import java.util.Objects;

/**
 * The classes that the JDK generates for bound method handles, one for each sequence of basic types bound. They have names and
 * lie in the boot loader, but one that nobody has needed yet is not there.
 */
public final class BoundSpecies {
    private static final String BASE = "java.lang.invoke.BoundMethodHandle";
    private static final String PREFIX = BASE + "$Species_";
    private static final String MAKER = "java.lang.invoke.ClassSpecializer";
    private static final String KEYS = "[LIJFD]{1,255}";

    private BoundSpecies() {}

    /** Makes the class of that name, if it is one of those and this JVM does not have it yet. */
    public static void makeIfSpecies(String className) {
        if (className.startsWith(PREFIX)) {
            String key = className.substring(PREFIX.length());
            if (key.matches(KEYS)) {
                dataOf(key);
            }
        }
    }

    /**
     * The JDK's description of the class for values of the basic types {@code key}, one letter each; the class is made if need be.
     *
     * @throws IllegalStateException if this JDK makes no such classes
     */
    public static Object dataOf(String key) {
        try {
            Class<?> maker = Class.forName(MAKER, true, null);
            Class<?> data = Class.forName(MAKER + "$SpeciesData", true, null);
            return TrustedLookup.method(maker, "findSpecies", data, Object.class)
                    .invoke(maker(), key);
        } catch (Throwable e) {
            throw TrustedLookup.failed("make the class for method handles bound to " + key, e);
        }
    }

    private static Object maker() throws ReflectiveOperationException {
        return Objects.requireNonNull(DeclaredFields.staticValue(Class.forName(BASE, true, null), "SPECIALIZER"));
    }
}
