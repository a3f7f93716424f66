package dev.ingot.scheduler.pool;

import java.math.BigDecimal;

/**
 * One of the ways in which a workload can have what it computes with.
 *
 * @param kind of its accelerators, {@link AcceleratorKind#CPU} for cores instead; {@link AcceleratorKind#ANY} where it did not say
 * @param needs all that it needs then
 * @param speed of its work, in thousandths of that of the fastest alternative
 */
public record Alternative(AcceleratorKind kind, Resources needs, int speed) {
    /** The speed of the fastest. */
    public static final int FULL_SPEED = 1000;

    private static final int DECIMALS = 3;

    /** As people write it, such as {@code cpu:8@0.1}. */
    public String text() {
        long amount = kind == AcceleratorKind.CPU ? needs.milliCores() : needs.milliDevices();
        return kind.text() + ":" + Resources.thousandths(amount)
                + (speed == FULL_SPEED
                        ? ""
                        : "@"
                                + BigDecimal.valueOf(speed, DECIMALS)
                                        .stripTrailingZeros()
                                        .toPlainString());
    }
}
