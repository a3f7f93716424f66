package dev.ingot.integration.program;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Calls functions of the C library by JNA with numbers, text, structures, variable arguments and results by reference, by way of interfaces and of
 * a native method, and holds native memory and a pointer into it meanwhile; with the argument {@code address} an address is in it.
 */
public final class JnaFunctions {
    private JnaFunctions() {}

    /** Functions of the C library. */
    public interface C extends Library {
        int abs(int number);

        long strlen(String text);

        int snprintf(byte[] to, long size, String format, Object... arguments);

        int clock_getres(int clock, TimeParts.ByReference result);
    }

    /** A time in parts. */
    @Structure.FieldOrder({"seconds", "nanoseconds"})
    public static class TimeParts extends Structure {
        public long seconds;
        public long nanoseconds;

        /** What functions are given. */
        public static final class ByReference extends TimeParts implements Structure.ByReference {}
    }

    /** Functions of the mathematical library. */
    public interface Mathematics extends Library {
        double hypot(double x, double y);

        double frexp(double number, IntByReference exponent);
    }

    /** A method that is bound to its function itself. */
    public static final class Direct {
        private Direct() {}

        public static native int abs(int number);
    }

    public static void main(String[] arguments) throws IOException {
        C c = Native.load("c", C.class);
        // As who unpacks a library from a jar does, that deletes it once it is open.
        Path unpacked = Files.createTempFile("unpacked", ".so");
        Files.copy(NativeLibrary.getInstance("m").getFile().toPath(), unpacked, StandardCopyOption.REPLACE_EXISTING);
        Mathematics mathematics = Native.load(unpacked.toString(), Mathematics.class);
        if (System.getProperty("user.name").equals("root")) {
            Files.delete(unpacked);
        } else {
            // Nobody else may read what the kernel keeps of it then.
            unpacked.toFile().deleteOnExit();
        }
        Function magnitude = NativeLibrary.getInstance("c").getFunction("labs");
        Memory held = new Memory(1000);
        held.clear();
        Pointer part = held.share(500);
        IntByReference exponent = new IntByReference();
        TimeParts.ByReference time = new TimeParts.ByReference();
        Native.register(Direct.class, NativeLibrary.getInstance("c"));
        if (arguments.length > 0) {
            held.setPointer(8, held);
        }
        for (int round = 0; round < Pace.ROUNDS; round++) {
            byte[] text = new byte[32];
            int length = c.snprintf(text, text.length, "round %d of %s", round, "many");
            held.setInt(500, held.getInt(500) + round);
            part.setInt(8, part.getInt(0));
            time.seconds = 0x7f00_0000_0000L + round;
            c.clock_getres(1, time);
            double fraction = mathematics.frexp(round, exponent);
            Pace.say(c.abs(-round) + " " + Direct.abs(-round) + " "
                    + magnitude.invokeLong(new Object[] {-1L << round % 60}) + " "
                    + c.strlen("x".repeat(round)) + " " + new String(text, 0, length, StandardCharsets.US_ASCII) + " "
                    + time.seconds + time.nanoseconds + " " + mathematics.hypot(round, 1) + " "
                    + fraction + " " + exponent.getValue());
        }
        System.out.println("done " + held.size() + " " + held.getInt(508));
    }
}
