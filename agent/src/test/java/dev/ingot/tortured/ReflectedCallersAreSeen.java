package dev.ingot.tortured;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/** Calls methods that ask who calls them through reflection, often enough for every way in which the JDK does that. */
public final class ReflectedCallersAreSeen {
    private static final int CALLS = 50;

    private ReflectedCallersAreSeen() {}

    public static void main(String[] arguments) throws Exception {
        Method lookup = MethodHandles.class.getMethod("lookup");
        Method forName = Class.class.getMethod("forName", String.class);
        for (int call = 0; call < CALLS; call++) {
            MethodHandles.Lookup made = (MethodHandles.Lookup) lookup.invoke(null);
            Class<?> found = (Class<?>) forName.invoke(null, ReflectedCallersAreSeen.class.getName());
            System.out.println(made.lookupClass() + " " + found);
            Work.steps(call, 100_000);
        }
    }
}
