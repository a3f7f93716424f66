package dev.ingot.accelerator.rtl;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A circuit for the card's slot.
 *
 * @param name of its source
 * @param id what its register of identity says; 0 where that is not asked
 * @param wordBytes size of the memory words that it is made for
 * @param chain its registers in the order in which they leave the scan chain, or null where it has none
 * @param circuit a program's own; null where the source lies beside the classes
 */
public record Core(
        String name,
        int id,
        int wordBytes,
        @Nullable ScanChain chain,
        @Nullable String circuit) {
    private static final int SHORT = 12;

    /** 8-bit matrix products; can be stopped at any time. */
    public static final Core MATRIX = new Core("matrix", 0x4d540001, 8, ScanChain.of("matrix"), null);

    /** FNV-1a hashes; can be stopped at any time. */
    public static final Core HASH = new Core("hash", 0x48530001, 8, ScanChain.of("hash"), null);

    /** Matrix products of bytes or of bfloat16 in a systolic array. */
    public static final Core SYSTOLIC = new Core("systolic", 0x53590001, 16, null, null);

    private static final int OWN_WORD_BYTES = 8;

    /** The core of a program's own circuit, which is a module {@code operation}. */
    static Core of(String circuit) {
        return new Core("operation", 0, OWN_WORD_BYTES, null, circuit);
    }

    /** The name with a hash of the source: what gives the names of registers their meaning. */
    public String design() {
        byte[] source = source();
        byte[] order = chain == null ? new byte[0] : chain.toString().getBytes(StandardCharsets.UTF_8);
        return name + "@"
                + HexFormat.of().formatHex(Sources.hash(source, order)).substring(0, SHORT);
    }

    byte[] source() {
        return circuit == null ? Sources.read(name + ".v") : circuit.getBytes(StandardCharsets.UTF_8);
    }

    String file() {
        return (circuit == null ? name : design()) + ".so";
    }
}
