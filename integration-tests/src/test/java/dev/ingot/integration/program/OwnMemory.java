package dev.ingot.integration.program;

import java.lang.reflect.Field;

/** Allocates memory by {@code sun.misc.Unsafe}, as libraries do that manage memory of their own. With an argument it has freed it again. */
public final class OwnMemory {
    private static final long SIZE = 1024;

    private OwnMemory() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        Object address = type.getMethod("allocateMemory", long.class).invoke(unsafe, SIZE);
        address = type.getMethod("reallocateMemory", long.class, long.class).invoke(unsafe, address, 2 * SIZE);
        if (arguments.length > 0) {
            type.getMethod("freeMemory", long.class).invoke(unsafe, address);
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(round);
        }
        System.out.println("ended");
    }
}
