package dev.ingot.tortured;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.LongUnaryOperator;

/** Method handles behind interfaces, whose classes some JDKs put into modules made for them. */
public final class HandlesImplementInterfaces {
    private static final int CALLS = 50;

    private HandlesImplementInterfaces() {}

    /** One of the program's own. */
    public interface Fallible {
        long apply(long seed) throws Exception;
    }

    static long work(long seed) {
        return Work.steps((int) seed, 100_000);
    }

    public static void main(String[] arguments) throws Exception {
        MethodHandle work = MethodHandles.lookup()
                .findStatic(HandlesImplementInterfaces.class, "work", MethodType.methodType(long.class, long.class));
        LongUnaryOperator operator = MethodHandleProxies.asInterfaceInstance(LongUnaryOperator.class, work);
        Fallible fallible = MethodHandleProxies.asInterfaceInstance(Fallible.class, work);
        long value = 1;
        for (int call = 0; call < CALLS; call++) {
            value = operator.applyAsLong(value) + fallible.apply(call);
            System.out.println(value + " " + Work.steps(call, 100_000));
        }
    }
}
