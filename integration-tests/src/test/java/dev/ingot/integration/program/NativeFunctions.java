package dev.ingot.integration.program;

import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.NativeType;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.Variadic;
import jnr.ffi.byref.IntByReference;
import jnr.ffi.types.size_t;

/**
 * Calls functions of the C library and of the mathematical one with numbers, text, arrays, variable arguments and results by
 * reference, and holds native memory meanwhile; with the argument {@code address} an address is in it.
 */
public final class NativeFunctions {
    private NativeFunctions() {}

    /** Functions of the C library. */
    public interface C {
        int abs(int number);

        long labs(long number);

        @size_t
        long strlen(@In CharSequence text);

        int memcmp(@In byte[] first, @In byte[] second, @size_t long length);

        @Variadic(fixedCount = 3)
        int snprintf(@Out byte[] to, @size_t long size, @In CharSequence format, int number);
    }

    /** Functions of the mathematical library. */
    public interface Mathematics {
        double hypot(double x, double y);

        double frexp(double number, @Out IntByReference exponent);
    }

    public static void main(String[] arguments) {
        C c = LibraryLoader.create(C.class).load("c");
        Mathematics mathematics = LibraryLoader.create(Mathematics.class).load("m");
        Pointer held = Memory.allocateDirect(Runtime.getRuntime(c), 1000, true);
        Pointer brief = Memory.allocateTemporary(Runtime.getRuntime(c), NativeType.SLONGLONG);
        if (arguments.length > 0) {
            held.putPointer(8, held);
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            byte[] text = new byte[32];
            IntByReference exponent = new IntByReference();
            int length = c.snprintf(text, text.length, "round %d", round);
            held.putInt(0, held.getInt(0) + round);
            brief.putInt(0, brief.getInt(0) ^ round);
            double fraction = mathematics.frexp(round, exponent);
            Pace.say(c.abs(-round) + " " + c.labs(-1L << round % 60) + " " + c.strlen("x".repeat(round)) + " "
                    + Integer.signum(c.memcmp(text, new byte[] {'r', 'p'}, 2)) + " "
                    + new String(text, 0, length, StandardCharsets.US_ASCII) + " "
                    + mathematics.hypot(round, 1) + " " + fraction + " " + exponent.intValue());
        }
        System.out.println("done " + held.size() + " " + held.getInt(0) + " " + brief.getInt(0));
    }
}
