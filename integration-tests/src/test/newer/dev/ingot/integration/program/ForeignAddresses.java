package dev.ingot.integration.program;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Holds an address that no image can carry, of the kind that is asked for. */
public final class ForeignAddresses {
    private ForeignAddresses() {}

    public static void main(String[] arguments) throws Throwable {
        try (Arena arena = Arena.ofShared()) {
            Object held =
                    switch (arguments[0]) {
                        case "callback" -> callback(arena);
                        case "pointer" -> pointer(arena);
                        default -> borrowed();
                    };
            for (int round = 0; round < Pace.ROUNDS; round++) {
                Pace.say(round);
            }
            System.out.println("done " + (held != null));
        }
    }

    private static MemorySegment callback(Arena arena) throws ReflectiveOperationException {
        MethodHandle target = MethodHandles.lookup()
                .findStatic(ForeignAddresses.class, "called", MethodType.methodType(void.class));
        return Linker.nativeLinker().upcallStub(target, FunctionDescriptor.ofVoid(), arena);
    }

    private static void called() {
        System.out.println("called");
    }

    private static MemorySegment pointer(Arena arena) {
        MemorySegment memory = arena.allocate(ValueLayout.ADDRESS, 2);
        memory.setAtIndex(ValueLayout.ADDRESS, 1, memory);
        return memory;
    }

    private static MemorySegment borrowed() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle allocate = linker.downcallHandle(
                linker.defaultLookup().find("malloc").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
        return ((MemorySegment) allocate.invokeExact(100L)).reinterpret(100);
    }
}
