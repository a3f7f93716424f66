package dev.ingot.core.jdk.io;

import java.util.HashMap;
import java.util.Map;
import jdk.internal.misc.Unsafe;
import org.jspecify.annotations.Nullable;

/**
 * The functions that the kernel maps into every process, such as the one that tells the time: an ELF file in memory, without one on
 * disk, and another one with another kernel. They have names, by which they are found again.
 */
final class KernelFunctions {
    /** The name of the memory they lie in. */
    static final String PLACE = "[vdso]";

    private static final Unsafe UNSAFE = Unsafe.getUnsafe();

    private static final int DYNAMIC_ENTRY = 16;
    private static final int STRINGS = 5;
    private static final int SYMBOLS = 6;
    private static final int SYMBOL_SIZE = 24;
    private static final int SYMBOL_KIND = 4;
    private static final int SYMBOL_VALUE = 8;
    private static final int KIND_MASK = 0xF;
    private static final int FUNCTION = 2;

    private final Map<String, Long> byName = new HashMap<>();

    /** Reads the names in the memory that begins at {@code start}, which holds an ELF file. */
    static KernelFunctions at(long start) {
        KernelFunctions functions = new KernelFunctions();
        functions.read(start);
        return functions;
    }

    /** The name of the function that begins this far from the beginning; null if none does. Of several, the first. */
    @Nullable String nameAt(long distance) {
        String first = null;
        for (Map.Entry<String, Long> function : byName.entrySet()) {
            boolean here = function.getValue() == distance;
            if (here && (first == null || function.getKey().compareTo(first) < 0)) {
                first = function.getKey();
            }
        }
        return first;
    }

    /** How far from the beginning a function is; null if there is none of the name. */
    @Nullable Long distanceOf(String name) {
        return byName.get(name);
    }

    private void read(long start) {
        long linkedAt = 0;
        long dynamic = 0;
        for (Elf.Segment segment : Elf.segments(start)) {
            if (segment.kind() == Elf.LOADED) {
                linkedAt = segment.address() - segment.offset();
            } else if (segment.kind() == Elf.DYNAMIC) {
                dynamic = start + segment.offset();
            }
        }
        if (dynamic != 0) {
            readDynamic(start - linkedAt, dynamic);
        }
    }

    private void readDynamic(long bias, long dynamic) {
        long strings = 0;
        long symbols = 0;
        for (long entry = dynamic; UNSAFE.getLong(entry) != 0; entry += DYNAMIC_ENTRY) {
            long tag = UNSAFE.getLong(entry);
            if (tag == STRINGS) {
                strings = bias + UNSAFE.getLong(entry + Long.BYTES);
            } else if (tag == SYMBOLS) {
                symbols = bias + UNSAFE.getLong(entry + Long.BYTES);
            }
        }
        // How many there are is told by a hash table only, of which there are two kinds; but the names follow the
        // symbols.
        for (long symbol = symbols; symbol + SYMBOL_SIZE <= strings; symbol += SYMBOL_SIZE) {
            if ((UNSAFE.getByte(symbol + SYMBOL_KIND) & KIND_MASK) == FUNCTION) {
                byName.put(text(strings + UNSAFE.getInt(symbol)), UNSAFE.getLong(symbol + SYMBOL_VALUE));
            }
        }
    }

    private static String text(long address) {
        StringBuilder text = new StringBuilder();
        for (long at = address; UNSAFE.getByte(at) != 0; at++) {
            text.append((char) UNSAFE.getByte(at));
        }
        return text.toString();
    }
}
