package dev.ingot.accelerator.backend;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a step stands that was stopped in its middle: what the registers of the device held by their names, the state of the device as
 * its own build understands it, or both. Immutable.
 *
 * @param design names the circuit and with it the meaning of its registers; another device of the same design can go on from the values
 * @param first where the step began
 * @param end behind the last item of the step
 * @param values by the registers' names in the design, each without sign; empty where the device cannot tell them
 * @param nativeImage from which another device of the same build can go on; null where the device makes none
 */
public record Registers(
        String design,
        long first,
        long end,
        Map<String, BigInteger> values,
        @Nullable NativeImage nativeImage) {
    public Registers {
        Objects.requireNonNull(design);
        values = Map.copyOf(values);
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException("a step cannot go from " + first + " to " + end);
        }
    }

    /** Registers by their names alone. */
    public Registers(String design, long first, long end, Map<String, BigInteger> values) {
        this(design, first, end, values, null);
    }

    /** Whether a device of the same design can go on from here, whatever its build. */
    public boolean isNamed() {
        return !values.isEmpty();
    }

    /** The same without what only one build understands. */
    public Registers byName() {
        return nativeImage == null ? this : new Registers(design, first, end, values);
    }
}
