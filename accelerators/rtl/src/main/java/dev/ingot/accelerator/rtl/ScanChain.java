package dev.ingot.accelerator.rtl;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.StringTokenizer;

/**
 * The registers of a core in the order in which they leave its scan chain, each with its highest bit first. Immutable.
 *
 * <p>A chain is described by lines {@code NAME BITS} or {@code NAME BITS COUNT}; of the latter the last one leaves first.
 */
public final class ScanChain {
    private final List<Register> registers;

    private record Register(String name, int bits) {}

    private ScanChain(List<Register> registers) {
        this.registers = registers;
    }

    static ScanChain of(String core) {
        List<Register> registers = new ArrayList<>();
        try (Scanner lines = new Scanner(new String(Sources.read(core + ".scan"), StandardCharsets.UTF_8))) {
            while (lines.hasNextLine()) {
                add(lines.nextLine(), registers);
            }
        }
        return new ScanChain(List.copyOf(registers));
    }

    private static void add(String line, List<Register> registers) {
        StringTokenizer words = new StringTokenizer(line);
        String name = words.nextToken();
        int bits = Integer.parseInt(words.nextToken());
        if (!words.hasMoreTokens()) {
            registers.add(new Register(name, bits));
            return;
        }
        for (int i = Integer.parseInt(words.nextToken()) - 1; i >= 0; i--) {
            registers.add(new Register(name + "[" + i + "]", bits));
        }
    }

    /** In bits. */
    int length() {
        return registers.stream().mapToInt(Register::bits).sum();
    }

    /** What each register held, of bits in the order in which they came. */
    Map<String, BigInteger> decode(BitSet bits) {
        Map<String, BigInteger> values = new LinkedHashMap<>();
        int at = 0;
        for (Register register : registers) {
            BigInteger value = BigInteger.ZERO;
            for (int i = 0; i < register.bits; i++) {
                value = value.shiftLeft(1);
                if (bits.get(at++)) {
                    value = value.setBit(0);
                }
            }
            values.put(register.name, value);
        }
        return values;
    }

    /**
     * Bits that give each register its value when they are shifted in.
     *
     * @throws IllegalArgumentException if a register has no value, or one that does not fit
     */
    BitSet encode(Map<String, BigInteger> values) {
        BitSet bits = new BitSet(length());
        int at = 0;
        for (Register register : registers) {
            BigInteger value = values.get(register.name);
            if (value == null || value.signum() < 0 || value.bitLength() > register.bits) {
                throw new IllegalArgumentException(
                        "register " + register.name + " of " + register.bits + " bits cannot be " + value);
            }
            for (int i = register.bits - 1; i >= 0; i--) {
                bits.set(at++, value.testBit(i));
            }
        }
        return bits;
    }

    @Override
    public String toString() {
        return registers.toString();
    }
}
