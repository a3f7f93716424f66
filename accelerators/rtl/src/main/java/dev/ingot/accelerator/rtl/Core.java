package dev.ingot.accelerator.rtl;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A circuit for the card's slot.
 *
 * @param name of its source
 * @param id what its register of identity says
 * @param wordBytes size of the memory words that it is made for
 * @param chain its registers in the order in which they leave the scan chain, or null where it has none
 */
public record Core(
        String name, int id, int wordBytes, @Nullable ScanChain chain) {
    private static final int SHORT = 12;

    /** 8-bit matrix products; can be stopped at any time. */
    public static final Core MATRIX = new Core("matrix", 0x4d540001, 8, ScanChain.of("matrix"));

    /** FNV-1a hashes; can be stopped at any time. */
    public static final Core HASH = new Core("hash", 0x48530001, 8, ScanChain.of("hash"));

    /** Matrix products of bytes or of bfloat16 in a systolic array. */
    public static final Core SYSTOLIC = new Core("systolic", 0x53590001, 16, null);

    /** The name with a hash of the source: what gives the names of registers their meaning. */
    public String design() {
        byte[] source = Sources.read(name + ".v");
        byte[] order = chain == null ? new byte[0] : chain.toString().getBytes(StandardCharsets.UTF_8);
        return name + "@"
                + HexFormat.of().formatHex(Sources.hash(source, order)).substring(0, SHORT);
    }

    String file() {
        return name + ".so";
    }
}
