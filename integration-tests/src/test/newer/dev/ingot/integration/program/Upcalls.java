package dev.ingot.integration.program;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Native code that calls back. */
public final class Upcalls {
    private static final AddressLayout NUMBER = ValueLayout.ADDRESS.withTargetLayout(ValueLayout.JAVA_INT);
    private static final int SIZE = 400;

    private static long spun;

    private Upcalls() {}

    public static void main(String[] arguments) throws Throwable {
        for (int round = 0; round < Pace.ROUNDS; round++) {
            Pace.say(round + " " + sorted(round));
        }
        System.out.println(spun > 0);
    }

    private static int sorted(int round) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle sort = linker.downcallHandle(
                linker.defaultLookup().find("qsort").orElseThrow(),
                FunctionDescriptor.ofVoid(
                        ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        MethodHandle comparator = MethodHandles.lookup()
                .findStatic(
                        Upcalls.class,
                        "compare",
                        MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment numbers = arena.allocate(ValueLayout.JAVA_INT, SIZE);
            for (int index = 0; index < SIZE; index++) {
                numbers.setAtIndex(ValueLayout.JAVA_INT, index, index * 7919 % (SIZE + round));
            }
            // An image that finds it open is refused.
            try (Arena ofCallback = Arena.ofConfined()) {
                MemorySegment callback = linker.upcallStub(
                        comparator, FunctionDescriptor.of(ValueLayout.JAVA_INT, NUMBER, NUMBER), ofCallback);
                sort.invokeExact(numbers, (long) SIZE, 4L, callback);
            }
            int hash = 0;
            for (int index = 0; index < SIZE; index++) {
                hash = hash * 31 + numbers.getAtIndex(ValueLayout.JAVA_INT, index);
            }
            return hash;
        }
    }

    /** Long enough for a capture to come in between. */
    private static int compare(MemorySegment left, MemorySegment right) {
        for (int step = 0; step < 500; step++) {
            spun += step;
        }
        return Integer.compare(left.get(ValueLayout.JAVA_INT, 0), right.get(ValueLayout.JAVA_INT, 0));
    }
}
