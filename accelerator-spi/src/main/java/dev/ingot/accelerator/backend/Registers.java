package dev.ingot.accelerator.backend;

import java.math.BigInteger;
import java.util.Map;
import java.util.Objects;

/**
 * What the registers of a device held when a step was stopped in its middle. Immutable.
 *
 * @param design names the circuit and with it the meaning of its registers; another device of the same design can go on from here
 * @param first where the step began
 * @param end behind the last item of the step
 * @param values by the registers' names in the design, each without sign
 */
public record Registers(String design, long first, long end, Map<String, BigInteger> values) {
    public Registers {
        Objects.requireNonNull(design);
        values = Map.copyOf(values);
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException("a step cannot go from " + first + " to " + end);
        }
    }
}
