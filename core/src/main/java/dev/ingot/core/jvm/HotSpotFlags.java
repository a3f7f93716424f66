package dev.ingot.core.jvm;

import static dev.ingot.core.jvm.Memory.UNSAFE;

import java.nio.charset.StandardCharsets;
import jdk.internal.loader.BootLoader;
import org.jspecify.annotations.Nullable;

/**
 * Flags of HotSpot: switches that are read as the JVM runs, but that it offers no way of setting after its start, and numbers.
 *
 * <p>They are found by the tables that HotSpot exports to describe its own structures to debuggers (its {@code vmStructs}, which
 * the Serviceability Agent reads). A JVM without these tables, or in which they do not name the switch, is left alone. Not
 * thread-safe against itself; the JVM reads a switch at any time.
 */
public final class HotSpotFlags {
    private static final int LONGEST_NAME = 256;
    private static final int MOST_FLAGS = 1 << 14;

    private static final byte[] FLAG = bytes("JVMFlag");
    private static final long UNKNOWN = -1;

    private HotSpotFlags() {}

    /**
     * Sets a switch.
     *
     * @param name as on a command line behind {@code -XX:+}; must be the name of a switch, not of a number or text
     * @return whether the JVM has such a switch and it now has this value
     */
    public static boolean set(String name, boolean value) {
        long address = addressOf(name);
        if (address == 0) {
            return false;
        }
        byte current = UNSAFE.getByte(address);
        if (current != 0 && current != 1) {
            return false;
        }
        UNSAFE.putByte(address, (byte) (value ? 1 : 0));
        return true;
    }

    /**
     * What a flag has for its value.
     *
     * @param name as on a command line behind {@code -XX:}; must be the name of a flag for a number of 64 bits
     * @param otherwise what is returned if the JVM has no such flag
     */
    public static long get(String name, long otherwise) {
        long address = addressOf(name);
        return address == 0 ? otherwise : UNSAFE.getLong(address);
    }

    /** Where the value of a flag is; 0 if that is not known. */
    private static long addressOf(String flagName) {
        Layout layout = Layout.ofThisJvm();
        if (layout == null) {
            return 0;
        }
        long first = UNSAFE.getAddress(layout.first);
        long count = UNSAFE.getAddress(layout.count);
        if (first == 0 || count < 0 || count > MOST_FLAGS) {
            return 0;
        }
        byte[] wanted = bytes(flagName);
        for (long flag = first; flag < first + count * layout.size; flag += layout.size) {
            if (isText(UNSAFE.getAddress(flag + layout.name), wanted)) {
                return UNSAFE.getAddress(flag + layout.address);
            }
        }
        return 0;
    }

    /**
     * How HotSpot keeps its flags.
     *
     * @param first where the address of the first one is
     * @param count where their number is
     * @param size of one
     * @param name where in one the address of its name is
     * @param address where in one the address of its value is
     */
    private record Layout(long first, long count, long size, long name, long address) {
        static @Nullable Layout ofThisJvm() {
            Table table = Table.of(
                    "gHotSpotVMStructs", "gHotSpotVMStructEntryTypeNameOffset", "gHotSpotVMStructEntryArrayStride");
            if (table == null) {
                return null;
            }
            long first = UNKNOWN;
            long count = UNKNOWN;
            long name = UNKNOWN;
            long address = UNKNOWN;
            long field = number("gHotSpotVMStructEntryFieldNameOffset");
            long offset = number("gHotSpotVMStructEntryOffsetOffset");
            long place = number("gHotSpotVMStructEntryAddressOffset");
            for (long entry = table.entryOf(FLAG); entry != 0; entry = table.next(entry, FLAG)) {
                switch (text(UNSAFE.getAddress(entry + field))) {
                    case "flags" -> first = UNSAFE.getAddress(entry + place);
                    case "numFlags" -> count = UNSAFE.getAddress(entry + place);
                    case "_name" -> name = UNSAFE.getLong(entry + offset);
                    case "_addr" -> address = UNSAFE.getLong(entry + offset);
                    default -> {
                        // What else the JVM tells of a flag is not needed.
                    }
                }
            }
            long size = sizeOfFlag();
            boolean whole = first > 0 && count > 0 && size > 0 && name >= 0 && address >= 0;
            return whole ? new Layout(first, count, size, name, address) : null;
        }
    }

    private static long sizeOfFlag() {
        Table types =
                Table.of("gHotSpotVMTypes", "gHotSpotVMTypeEntryTypeNameOffset", "gHotSpotVMTypeEntryArrayStride");
        long entry = types == null ? 0 : types.entryOf(FLAG);
        return entry == 0 ? UNKNOWN : UNSAFE.getLong(entry + number("gHotSpotVMTypeEntrySizeOffset"));
    }

    /**
     * An array of structures, each with the name of a type, and one without at its end.
     *
     * @param first the address of the first structure
     * @param name where in one the address of the type's name is
     * @param stride from one to the next
     */
    private record Table(long first, long name, long stride) {
        static @Nullable Table of(String array, String nameOffset, String stride) {
            long place = symbol(array);
            long first = place == 0 ? 0 : UNSAFE.getAddress(place);
            long size = number(stride);
            return first == 0 || size <= 0 ? null : new Table(first, number(nameOffset), size);
        }

        /** The first entry of a type; 0 if there is none. */
        long entryOf(byte[] type) {
            return from(first, type);
        }

        /** The entry of a type behind {@code entry}; 0 if there is none. */
        long next(long entry, byte[] type) {
            return from(entry + stride, type);
        }

        private long from(long start, byte[] type) {
            for (long entry = start; ; entry += stride) {
                long text = UNSAFE.getAddress(entry + name);
                if (text == 0) {
                    return 0;
                }
                if (isText(text, type)) {
                    return entry;
                }
            }
        }
    }

    /** What a symbol of the JVM for a 64-bit number holds; {@link #UNKNOWN} if there is no such symbol. */
    private static long number(String symbol) {
        long address = symbol(symbol);
        return address == 0 ? UNKNOWN : UNSAFE.getLong(address);
    }

    /** The address of a symbol: the libraries of the boot loader are linked with the JVM's own. */
    private static long symbol(String name) {
        return BootLoader.getNativeLibraries().find(name);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isText(long address, byte[] wanted) {
        if (address == 0) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (UNSAFE.getByte(address + i) != wanted[i]) {
                return false;
            }
        }
        return UNSAFE.getByte(address + wanted.length) == 0;
    }

    private static String text(long address) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; address != 0 && i < LONGEST_NAME; i++) {
            char letter = (char) UNSAFE.getByte(address + i);
            if (letter == 0) {
                break;
            }
            text.append(letter);
        }
        return text.toString();
    }
}
