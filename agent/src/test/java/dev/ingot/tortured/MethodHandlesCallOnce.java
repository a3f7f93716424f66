package dev.ingot.tortured;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** A method handle that loops, cleans up or filters does each of these things once, however often its target is captured. */
public final class MethodHandlesCallOnce {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static int filtered;
    private static int cleaned;

    private MethodHandlesCallOnce() {}

    public static void main(String[] arguments) throws Throwable {
        MethodHandle target = find("target", long.class, int.class);
        MethodHandle loop = MethodHandles.countedLoop(
                MethodHandles.constant(int.class, 3),
                MethodHandles.constant(int.class, 1),
                find("body", int.class, int.class, int.class));
        MethodHandle cleaning =
                MethodHandles.tryFinally(target, find("clean", long.class, Throwable.class, long.class, int.class));
        MethodHandle guarded = MethodHandles.guardWithTest(
                find("isEven", boolean.class, int.class), target, find("other", long.class, int.class));
        MethodHandle filtering = MethodHandles.filterArguments(target, 0, find("filter", int.class, int.class));
        MethodHandle caught = MethodHandles.catchException(
                filtering, IllegalStateException.class, find("caught", long.class, IllegalStateException.class));
        for (int round = 0; round < 4; round++) {
            System.out.println((int) loop.invokeExact() + " " + (long) cleaning.invokeExact(round) + " "
                    + (long) guarded.invokeExact(round) + " " + (long) filtering.invokeExact(round) + " "
                    + (long) target.invoke((Integer) round) + " " + (long) caught.invokeExact(round) + " " + filtered
                    + " " + cleaned);
        }
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        return LOOKUP.findStatic(MethodHandlesCallOnce.class, name, MethodType.methodType(result, parameters));
    }

    static long target(int seed) {
        return Work.steps(seed, 400_000);
    }

    static long caught(IllegalStateException thrown) {
        return thrown.hashCode();
    }

    static long other(int seed) {
        return -target(seed);
    }

    static int body(int sum, int index) {
        return (int) (sum * 31L + target(index));
    }

    static boolean isEven(int value) {
        return value % 2 == 0;
    }

    static int filter(int value) {
        filtered++;
        return value + 1;
    }

    static long clean(@Nullable Throwable thrown, long result, int seed) {
        cleaned++;
        return thrown == null ? result : seed;
    }
}
